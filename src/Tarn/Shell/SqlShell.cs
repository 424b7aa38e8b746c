using Tarn.CommandLine;
using Tarn.Composition;
using Tarn.Core.Errors;
using Tarn.Engine.Sql;
using Tarn.Terminal;
using Tarn.Terminal.Editing;
using Tarn.Terminal.Keys;

namespace Tarn.Shell;

/// <summary>The interactive shell: reads statements from a terminal and runs them until <c>\q</c> or Ctrl-D.</summary>
internal sealed partial class SqlShell(ILake lake, CommandContext context)
{
    private readonly Streams _streams = context.Streams;
    private readonly StatementRunner _runner = new(lake.Session, context.Streams, context.Format) { Talks = true };
    private readonly LakeNames _names = new(lake.Catalog);
    private readonly LineHistory _history = LineHistory.Load(LineHistory.DefaultPath());
    private bool _leaves;

    /// <summary>Runs until the person leaves.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        _streams.Error.WriteLine($"tarn {TarnProgram.Version}, lake {lake.DataFolder}. Statements end with ';'. \\? for help, \\q to leave.");
        while (!_leaves)
        {
            var entry = await ReadAsync(cancellationToken);
            if (entry.Text is null)
                break;
            if (entry.Interrupted || string.IsNullOrWhiteSpace(entry.Text))
                continue;
            _history.Add(entry.Text.TrimEnd());
            await context.Cancellation.RunStatementAsync(token => TryAsync(entry.Text, token));
            cancellationToken.ThrowIfCancellationRequested();
        }

        return ExitCode.Done;
    }

    private async Task<EditResult> ReadAsync(CancellationToken cancellationToken)
    {
        // Raw mode only while typing: a running statement gets Ctrl-C as a signal.
        using IKeySource keys = OperatingSystem.IsWindows() ? new WindowsKeys() : new UnixKeys();
        var completer = new SqlCompleter(_names, () => lake.Session.CurrentSchema);
        string name = lake.Session.CurrentSchema is { } schema ? $"tarn {schema}" : "tarn";
        var editor = new LineEditor(keys, _streams.Error, _streams.Width, _streams.ErrorStyle, _history, IsComplete, completer.CompleteAsync)
        {
            Prompts = (name + "> ", new string(' ', DisplayWidth.Of(name) - 1) + "-> "),
        };
        return await editor.ReadAsync(cancellationToken);
    }

    private static bool IsComplete(string text) => text.TrimStart() is "" or ['\\', ..] || IsLeaveWord(text) || SqlScript.State(text) is ScriptState.Complete or ScriptState.Empty;

    private static bool IsLeaveWord(string text) => text.Trim() is "quit" or "exit" or "quit;" or "exit;";

    private async Task TryAsync(string text, CancellationToken cancellationToken)
    {
        try
        {
            if (IsLeaveWord(text))
                _leaves = true;
            else if (text.TrimStart() is ['\\', ..])
                await RunMetaAsync(text.Trim(), cancellationToken);
            else
                await ScriptRunner.RunAsync(_runner, text, name: null, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            _streams.Error.WriteLine("cancelled");
        }
        catch (Exception error) when (error is not BrokenPipeException)
        {
            TarnProgram.PrintError(error, _streams);
        }
        finally
        {
            _names.Forget();
            await _streams.Out.FlushAsync(CancellationToken.None);
        }
    }
}
