{{- define "labels" -}}
app: deepflow
component: deepflow-agent
{{- end }}

{{- define "head" -}}
metadata:
  name: {{ .Values.agentFullnameOverride }}{{ .suffix }}
  labels:
    helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
    {{- include "labels" . | nindent 4 }}
{{- end }}

{{- define "variables" -}}
{{- if ge .Chart.Version "6.5.010" }}
{{- range .Values.env }}
- name: {{ .name }}
  value: {{ .value }}
{{- end }}
{{- end }}
{{- end }}

{{- define "placement" -}}
{{- with .Values.nodeSelector }}
nodeSelector: {{ toYaml . | nindent 2 }}
{{- end }}
affinity:
  nodeAffinity:
    requiredDuringSchedulingIgnoredDuringExecution:
      {{- with .Values.nodeAffinityLabelSelector }}
      nodeSelectorTerms:
      {{- range . }}
      - matchExpressions:
        {{- range .matchExpressions }}
        - key: {{ .key }}
          operator: {{ .operator }}
          {{- if .values }}
          values:
          {{- range $value := split "," .values }}
          - {{ $value | quote }}
          {{- end }}
          {{- end }}
        {{- end }}
      {{- end }}
      {{- end }}
{{- if or .Values.global.tolerations .Values.tolerations }}
tolerations:
{{- with .Values.global.tolerations }}
{{ toYaml . }}
{{- end }}
{{- with .Values.tolerations }}
{{ toYaml . }}
{{- end }}
{{- end }}
{{- end }}
