namespace Tarn.Shell;

/// <summary>A command of the shell itself.</summary>
/// <param name="Typed">As it is typed, with its argument.</param>
/// <param name="Explains">One line for <c>\?</c>.</param>
internal sealed record MetaCommand(string Typed, string Explains);

/// <summary>The commands of the shell, for <c>\?</c> and completion.</summary>
internal static class MetaCommands
{
    /// <summary>In the order of <c>\?</c>.</summary>
    public static IReadOnlyList<MetaCommand> All { get; } =
    [
        new("\\d", "tables of the lake"),
        new("\\d TABLE", "columns, partitions, size and last change of a table"),
        new("\\l", "catalogs"),
        new("\\dn", "schemas"),
        new("\\h TABLE", "history of a table"),
        new("\\timing", "show or hide the time that statements take"),
        new("\\x", "one line for each value, or for each row"),
        new("\\format FORMAT", "form of results: table, csv, json, ndjson, markdown"),
        new("\\i FILE", "run the statements of a file"),
        new("\\?", "this list"),
        new("\\q", "leave (or Ctrl-D)"),
    ];
}
