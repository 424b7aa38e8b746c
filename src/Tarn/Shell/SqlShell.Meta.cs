using Tarn.CommandLine;
using Tarn.Commands;
using Tarn.Core.Errors;
using Tarn.Output;

namespace Tarn.Shell;

internal sealed partial class SqlShell
{
    private async Task RunMetaAsync(string text, CancellationToken cancellationToken)
    {
        string[] words = text.TrimEnd(';').Split(' ', 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string? argument = words.ElementAtOrDefault(1);
        switch (words[0])
        {
            case "\\q": _leaves = true; break;
            case "\\?": ShowHelp(); break;
            case "\\d" or "\\dt" when argument is null: await ListTablesAsync(cancellationToken); break;
            case "\\d": await DescribeCommand.PrintAsync(lake, Named(argument), _streams, _runner.Format, cancellationToken); break;
            case "\\h" when argument is not null: await PrintAsync(HistoryCommand.ListAsync(lake, Named(argument), PrintError, cancellationToken), cancellationToken); break;
            case "\\l": await _runner.RunAsync("SHOW CATALOGS", cancellationToken); break;
            case "\\dn": await _runner.RunAsync("SHOW SCHEMAS", cancellationToken); break;
            case "\\timing": _runner.Talks = Toggle(_runner.Talks, argument, "Timing"); break;
            case "\\x": _runner.Expanded = Toggle(_runner.Expanded, argument, "Expanded display"); break;
            case "\\format": SetFormat(argument); break;
            case "\\i" when argument is not null: await ScriptRunner.RunAsync(_runner, await ReadFileAsync(argument.Trim('\''), cancellationToken), argument, cancellationToken); break;
            default: throw TarnException.Invalid($"'{words[0]}' is no command of the shell, or lacks its argument. \\? lists them.");
        }
    }

    private Task ListTablesAsync(CancellationToken cancellationToken) =>
        PrintAsync(TablesCommand.ListAsync(lake, lake.Catalog, PrintError, cancellationToken), cancellationToken);

    private void PrintError(TarnException error) => TarnProgram.PrintError(error, _streams);

    private TableName Named(string? text)
    {
        text ??= "";
        bool simple = !text.Contains('.', StringComparison.Ordinal) && !text.Contains('/', StringComparison.Ordinal);
        return TableName.Parse(simple && lake.Session.CurrentSchema is { } schema ? $"{schema}.{text}" : text);
    }

    private async Task PrintAsync(Task<RowsResult> result, CancellationToken cancellationToken)
    {
        await using var rows = await result;
        await ResultWriter.WriteAllAsync(rows, _runner.Format, _streams, _runner.Expanded, cancellationToken);
    }

    private static async Task<string> ReadFileAsync(string path, CancellationToken cancellationToken) => File.Exists(path)
        ? await File.ReadAllTextAsync(path, cancellationToken)
        : throw TarnException.NotFound($"There is no file '{path}'.");

    private void SetFormat(string? format)
    {
        var choices = SharedOptions.Format.Choices;
        if (format is null || !choices.Contains(format))
            throw TarnException.Invalid($"The format is one of {string.Join(", ", choices)}.");
        _runner.Format = format;
    }

    private bool Toggle(bool now, string? argument, string what)
    {
        bool then = argument switch { "on" => true, "off" => false, _ => !now };
        _streams.Error.WriteLine($"{what} is {(then ? "on" : "off")}.");
        return then;
    }

    private void ShowHelp()
    {
        int width = MetaCommands.All.Max(command => command.Typed.Length);
        foreach (var command in MetaCommands.All)
            _streams.Error.WriteLine($"  {command.Typed.PadRight(width)}  {command.Explains}");
        _streams.Error.WriteLine("Keys: Tab completes, Ctrl-R searches the history, Ctrl-C cancels, Ctrl-A/E/K/U/W/Y edit as in bash, Alt-Enter begins a line.");
    }
}
