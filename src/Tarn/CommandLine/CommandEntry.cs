namespace Tarn.CommandLine;

/// <summary>A command by its first word, built when somebody asks for it: a start pays for the one command that runs, not for all.</summary>
/// <param name="name">The first word; the same as the name of what is built.</param>
/// <param name="build">Gives the command; may be asked more than once.</param>
internal sealed class CommandEntry(string name, Func<CommandSpec> build)
{
    /// <summary>The first word.</summary>
    public string Name { get; } = name;

    /// <summary>The command with its options, examples and subcommands.</summary>
    public CommandSpec Spec => build();

    /// <summary>A command that is built already.</summary>
    public static implicit operator CommandEntry(CommandSpec spec) => new(spec.Name, () => spec);
}
