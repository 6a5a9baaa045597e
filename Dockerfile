# The image from a public base, where tools/image/build.sh cannot run:
#
#   make dist && docker build --tag dfpolicy .
#
# It has the same files in /opt/dfpolicy, user and entry point. Pin BASE to a digest for your builds.
ARG BASE=docker.io/library/python:3.11-slim-bookworm

FROM ${BASE} AS build
COPY tools/image/requirements.txt dist/*.whl /src/
RUN python3 -m venv --without-pip /opt/dfpolicy \
    && site=/opt/dfpolicy/lib/python3.11/site-packages \
    && pip="python3 -m pip --disable-pip-version-check install --no-cache-dir --no-compile --no-deps" \
    && $pip --target $site --only-binary :all: --require-hashes --requirement /src/requirements.txt \
    && rm -rf $site/bin && $pip --target $site /src/*.whl && rm -rf $site/bin \
    && printf '#!/opt/dfpolicy/bin/python -I\nfrom dfpolicy.__main__ import main\n\nmain()\n' \
        >/opt/dfpolicy/bin/dfpolicy \
    && chmod 755 /opt/dfpolicy/bin/dfpolicy \
    && python3 -m compileall -q --invalidation-mode unchecked-hash /opt/dfpolicy

FROM ${BASE}
COPY --from=build /opt/dfpolicy /opt/dfpolicy
RUN ln -s /opt/dfpolicy/bin/dfpolicy /usr/local/bin/dfpolicy
ENV LANG=C.UTF-8
WORKDIR /work
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/dfpolicy"]
