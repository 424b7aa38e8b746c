namespace Tarn.CommandLine;

/// <summary>An option of a command. A value is given as <c>--name VALUE</c> or <c>--name=VALUE</c>.</summary>
/// <param name="Name">Long name without dashes.</param>
/// <param name="ValueName">What stands for the value in help, or null for a switch.</param>
/// <param name="Description">One line for help.</param>
internal sealed record OptionSpec(string Name, string? ValueName, string Description)
{
    /// <summary>One letter for <c>-x</c>, or null.</summary>
    public char? Letter { get; init; }

    /// <summary>May be given several times; else the last one counts.</summary>
    public bool Repeatable { get; init; }

    /// <summary>The only values that are allowed; empty when any is.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>The name as typed.</summary>
    public string Typed => "--" + Name;
}

/// <summary>A positional argument.</summary>
/// <param name="Name">In capitals, as help shows it.</param>
/// <param name="Description">One line for help.</param>
internal sealed record ArgumentSpec(string Name, string Description)
{
    /// <summary>May be left out. Only the last arguments may.</summary>
    public bool Optional { get; init; }

    /// <summary>Takes all words that are left. Only the last argument may.</summary>
    public bool Many { get; init; }
}

/// <summary>A command line that works as printed, for help.</summary>
/// <param name="Line">The whole line, beginning with <c>tarn</c>.</param>
/// <param name="Explains">What it does.</param>
internal sealed record Example(string Line, string Explains);

/// <summary>A command of <c>tarn</c>, as data: the parser, help and completion all read it.</summary>
internal sealed record CommandSpec(string Name, string Summary)
{
    /// <summary>Further paragraphs of help.</summary>
    public string Details { get; init; } = "";

    /// <summary>Positional arguments in order.</summary>
    public IReadOnlyList<ArgumentSpec> Arguments { get; init; } = [];

    /// <summary>Its own options, beside the ones that all commands share; one of the same name hides the shared one.</summary>
    public IReadOnlyList<OptionSpec> Options { get; init; } = [];

    /// <summary>Commands below this one, named with both words (<c>user add</c>); empty for most.</summary>
    public IReadOnlyList<CommandSpec> Subcommands { get; init; } = [];

    /// <summary>At least one.</summary>
    public required IReadOnlyList<Example> Examples { get; init; }

    /// <summary>What it does; answers the exit code.</summary>
    public required Func<CommandContext, CancellationToken, Task<int>> Run { get; init; }

    /// <summary>A command that only holds others: <c>tarn user add</c>, <c>tarn user list</c>.</summary>
    /// <param name="name">The first word.</param>
    /// <param name="summary">What its commands are about.</param>
    /// <param name="subcommands">At least one; help shows the first example of each.</param>
    public static CommandSpec Group(string name, string summary, params IReadOnlyList<CommandSpec> subcommands) => new(name, summary)
    {
        Subcommands = subcommands,
        Examples = [.. subcommands.Select(sub => sub.Examples[0])],
        Run = (_, _) => throw new UsageException($"a command is missing: tarn {name} {string.Join('|', subcommands.Select(sub => sub.Name[(name.Length + 1)..]))}"),
    };

    /// <summary>Own options, then the shared ones that are not hidden.</summary>
    public IEnumerable<OptionSpec> AllOptions =>
        Options.Concat(SharedOptions.All.Where(shared => Options.All(own => own.Name != shared.Name)));
}
