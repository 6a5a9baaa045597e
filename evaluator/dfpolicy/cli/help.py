"""Help and usage errors of every command, in the language in force."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator

import click

from dfpolicy.errors import UsageError
from dfpolicy.i18n.columns import padded, width, wrapped
from dfpolicy.i18n.language import FLAG, VARIABLE, _, listed, marked, spoken, translate
from dfpolicy.i18n.suggestions import did_you_mean
from dfpolicy.system.streams import LOG_FLAG, LOG_FORMS, LOG_VARIABLE

# These are translated when help is shown.
HEADINGS = (
    *(marked("Options"), marked("Commands")),
    *(marked("Show this message and exit."), marked("Show all options and exit.")),
)
_NARROWEST = 10
_WIDEST = 100
# The options of a command with many of them, grouped by purpose. Those without a section are only
# in --help-all.
_SECTIONS: dict[str, tuple[str, ...]] = {
    marked("What to read"): ("--facts", "--from", "--if-present", "--whole-directories"),
    marked("The cluster"): (
        *("--contexts", "--kubeconfig", "--context", "--deep", "--probe", "--image", "--timeout"),
        "--jobs",
    ),
    marked("How to run"): ("--listen", "--interval", "--resync", "--once", "--write"),
    marked("Render a chart first (needs helm)"): ("--helm", "--helm-values", "--helm-set"),
    marked("How to check"): (
        *("--mode", "--namespace", "--assume", "--profile", "--config", "--policy"),
    ),
    marked("What to fix"): (
        *("--level", "--only", "--skip", "--answer", "--prefer", "--max-risk", "--want"),
    ),
    marked("What gives exit code 1"): ("--fail-on", "--strict", "--baseline"),
    marked("What to print"): ("--output", "--quiet", "--verbose", "--lang", "--color"),
}
_MORE = marked("More options")
# A command with at most this many options needs no sections.
_FEW = 12
_ALL = "dfpolicy.help.all"
# If there are more values than this, an error names only the nearest; these commands list all.
_CHOICES = 6
_EXPLAINED = {"--mode": "dfpolicy explain modes"}
# How click says which value it is.
_GIVEN = re.compile(r"'(.*)' is not one of ", re.DOTALL)


class Formatter(click.HelpFormatter):
    """Lays out help as click does, and Chinese by its width on a terminal."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the usage line."""
        super().write_usage(prog, args, prefix or _("Usage: "))

    def write_heading(self, heading: str) -> None:
        """Write the heading of a section."""
        shown = _("{heading}:").format(heading=translate(heading))
        self.write(f"{'':>{self.current_indent}}{shown}\n")

    def write_text(self, text: str) -> None:
        """Write paragraphs; those that are indented stay as they are."""
        indent = " " * self.current_indent
        shown = []
        for paragraph in text.split("\n\n"):
            code = paragraph.startswith(" ")
            space = self.width - self.current_indent
            lines = paragraph.split("\n") if code else wrapped(paragraph, space)
            shown.append("".join(f"{indent}{line}\n" for line in lines))
        self.write("\n".join(shown))

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Write a list of names and their explanations."""
        if spoken() == "en":
            super().write_dl(rows, col_max, col_spacing)
            return
        rows = list(rows)
        margin = min(max(width(name) for name, _text in rows), col_max) + col_spacing
        space = max(self.width - self.current_indent - margin, _NARROWEST)
        for name, text in rows:
            lead = name
            if width(name) > margin - col_spacing:
                self.write(f"{'':>{self.current_indent}}{name}\n")
                lead = ""
            for number, line in enumerate(wrapped(text, space)):
                start = padded("" if number else lead, margin)
                self.write(f"{'':>{self.current_indent}}{start}{line}\n")


class _Context(click.Context):
    def make_formatter(self) -> click.HelpFormatter:
        """Return a formatter that is as wide as the terminal, but easy to read."""
        widest = self.max_content_width or _WIDEST
        return Formatter(width=self.terminal_width, max_width=widest)


class Command(click.Command):
    """A command with translated help and usage errors."""

    context_class = _Context
    # Extra arguments are reported below, in plain words.
    allow_extra_args = True

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return the parameters; a command with many options has --help-all too."""
        found = super().get_params(ctx)
        many = sectioned(self, ctx)
        found.append(log_option(hidden=not many))
        if many:
            found.append(_help_all())
        if ctx.resilient_parsing:
            # Only to complete a command line of a shell.
            from dfpolicy.cli.names import use_names

            use_names(found)
        return found

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments. Raises UsageError for those that are too many."""
        left = super().parse_args(ctx, args)
        if ctx.args and not ctx.resilient_parsing:
            message = _("unexpected argument: {names}").format(names=" ".join(ctx.args)[:60])
            raise UsageError(message, hint=_see(ctx))
        return left

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the description."""
        del ctx
        _write_description(self, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options."""
        _write_options(self, ctx, formatter)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the exit codes of a command that judges: its own, or those of an evaluation."""
        judges = any("--fail-on" in param.opts for param in self.get_params(ctx))
        codes = translate(self.epilog) if self.epilog else ""
        if judges and not codes:
            codes = _(
                "Exit codes: 0 nothing blocks, 1 something blocks, 2 usage or input, 3 engine."
            )
        if codes:
            formatter.write_paragraph()
            formatter.write_text(codes)


class Group(click.Group):
    """A group of commands with translated help and usage errors."""

    context_class = _Context
    command_class = Command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command. Raises UsageError if there is no such command."""
        name = args[0]
        known = self.get_command(ctx, name) is not None
        if known or name.startswith("-") or ctx.resilient_parsing:
            return super().resolve_command(ctx, args)
        message = _("no such command: {name}").format(name=name[:60])
        raise UsageError(message, hint=did_you_mean(name, self.list_commands(ctx)) or _see(ctx))

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the description."""
        del ctx
        _write_description(self, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options and the commands."""
        _write_options(self, ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands, each with the first paragraph of its description."""
        with formatter.section("Commands"):
            formatter.write_dl(
                [
                    (name, translate(next(paragraphs(command), "")))
                    for name in self.list_commands(ctx)
                    if (command := self.get_command(ctx, name))
                ]
            )


def paragraphs(command: click.Command) -> Iterator[str]:
    """Yield the paragraphs of a description: prose as one line, code with its indentation."""
    for part in inspect.cleandoc(command.help or "").split("\n\n"):
        yield part if part.startswith(" ") else " ".join(part.split())


def _write_description(command: click.Command, formatter: click.HelpFormatter) -> None:
    text = "\n\n".join(
        part if part.startswith(" ") else translate(part) for part in paragraphs(command)
    )
    formatter.write_paragraph()
    with formatter.indentation():
        formatter.write_text(text)


def _write_options(
    command: click.Command, ctx: click.Context, formatter: click.HelpFormatter
) -> None:
    options = [one for one in command.get_params(ctx) if isinstance(one, click.Option)]
    left = {name: option for option in options for name in option.opts}
    if not sectioned(command, ctx):
        with formatter.section("Options"):
            formatter.write_dl([*_rows(options, ctx)])
        return
    for heading, names in _SECTIONS.items():
        found = [left.pop(name) for name in names if name in left]
        if found:
            with formatter.section(heading):
                formatter.write_dl([*_rows(found, ctx)])
    shown = {name for names in _SECTIONS.values() for name in names}
    rest = [option for option in options if shown.isdisjoint(option.opts)]
    if ctx.meta.get(_ALL) or not _hides(command, ctx):
        with formatter.section(_MORE):
            formatter.write_dl([*_rows(rest, ctx)])
        return
    known = {name for option in options for name in option.opts}
    told = _("{command}: all options.")
    if "--engine" in known:
        told = _("{command}: the policy engine, limits of the input, details of Helm.")
    formatter.write_paragraph()
    formatter.write_text(told.format(command=f"{ctx.command_path} --help-all"))


def sectioned(command: click.Command, ctx: click.Context) -> bool:
    """Whether the command has so many options that --help shows them in sections."""
    options = [one for one in click.Command.get_params(command, ctx) if _is_shown(one)]
    return len(options) > _FEW


def _is_shown(param: click.Parameter) -> bool:
    return isinstance(param, click.Option) and not param.hidden


def _hides(command: click.Command, ctx: click.Context) -> bool:
    """Whether --help leaves out options of the command."""
    return any("--help-all" in param.opts for param in command.get_params(ctx))


def show_all_options(ctx: click.Context) -> None:
    """Let the help of the context contain the options that --help leaves out."""
    ctx.meta[_ALL] = True


def log_option(hidden: bool = False) -> click.Option:
    """Return --log-format, whose value `streams.log_form` has read before anything is parsed."""
    return click.Option(
        [LOG_FLAG],
        type=click.Choice(LOG_FORMS),
        metavar="FORM",
        envvar=LOG_VARIABLE,
        expose_value=False,
        hidden=hidden,
        help="Form of the lines on standard error: text, or json, an object a line."
        "  [default: text]",
    )


def _help_all() -> click.Option:
    return click.Option(
        ["--help-all"],
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_show_all,
        help="Show all options and exit.",
    )


def _show_all(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        show_all_options(ctx)
        click.echo(ctx.get_help())
        ctx.exit()


def _rows(options: Iterable[click.Option], ctx: click.Context) -> Iterator[tuple[str, str]]:
    for option in options:
        record = option.get_help_record(ctx)
        if record is not None:
            # What click appends: the default and the range.
            help_ = getattr(option, "help", None) or ""
            extra = record[1].removeprefix(help_)
            extra = extra.replace("[default: ", _("[default: ")).replace("; ", _("; "))
            shown = translate(help_) + extra
            yield record[0], shown.replace("[required]", _("[required]"))


def usage_error(error: click.ClickException) -> UsageError:
    """Return an error of click in plain words."""
    ctx = error.ctx if isinstance(error, click.UsageError) else None
    see = _see(ctx) if ctx else ""
    if isinstance(error, click.NoSuchOption):
        message = _("no such option: {name}").format(name=error.option_name)
        if error.option_name == FLAG:
            # Only some commands have it.
            hint = _("set {variable}=zh, or give --lang to a command that has it")
            return UsageError(message, hint=hint.format(variable=VARIABLE))
        known = [name for one in ctx.command.get_params(ctx) for name in one.opts] if ctx else []
        return UsageError(message, hint=did_you_mean(error.option_name, known) or see)
    if isinstance(error, click.BadOptionUsage):
        return UsageError(_misused(error), hint=see)
    if isinstance(error, click.MissingParameter) and error.param is not None:
        return UsageError(_("{name} is missing").format(name=_name(error.param)), hint=see)
    if isinstance(error, click.BadParameter) and error.param is not None:
        return _unknown(error.param, error.message, see) or UsageError(
            _invalid(error.param, error.message), hint=see
        )
    return UsageError(error.format_message().rstrip("."), hint=see)


def _misused(error: click.BadOptionUsage) -> str:
    # click says which of the two it is in its message only.
    if "does not take a value" in error.message:
        return _("{name} does not take a value").format(name=error.option_name)
    return _("{name} needs a value").format(name=error.option_name)


def _unknown(param: click.Parameter, message: str, see: str) -> UsageError | None:
    """Return the error for a value that is not one of many names; the nearest ones are enough."""
    kind = param.type
    given = _GIVEN.match(message)
    if not isinstance(kind, click.Choice) or len(kind.choices) <= _CHOICES or not given:
        return None
    name = _name(param)
    near = did_you_mean(given[1], map(str, kind.choices))
    every = see
    if name in _EXPLAINED:
        every = _("all of them: {command}").format(command=_EXPLAINED[name])
    told = _("{name}: unknown value {value!r}").format(name=name, value=given[1][:40])
    return UsageError(told, hint=_("{first} {second}").format(first=near, second=every).strip())


def _invalid(param: click.Parameter, message: str) -> str:
    kind, name = param.type, _name(param)
    if isinstance(kind, click.Choice):
        return _("{name} must be one of {choices}").format(
            name=name, choices=listed(map(str, kind.choices))
        )
    if isinstance(kind, click.IntRange):
        return _("{name} must be a whole number from {least} to {most}").format(
            name=name, least=kind.min, most=kind.max
        )
    if isinstance(kind, click.FloatRange):
        return _("{name} must be a number of seconds, at most {most}").format(
            name=name, most=kind.max
        )
    return f"{name}: {message}"


def _name(param: click.Parameter) -> str:
    return (
        param.opts[-1]
        if isinstance(param, click.Option)
        else (param.metavar or param.human_readable_name)
    )


def _see(ctx: click.Context) -> str:
    return _("see `{command} --help`").format(command=ctx.command_path)
