using Tarn.CommandLine;
using Tarn.Composition;
using Tarn.Core.Errors;
using Tarn.Engine.Sql;
using Tarn.Terminal;
using Tarn.Terminal.Editing;
using Tarn.Terminal.Keys;

namespace Tarn.Shell;

/// <summary>The interactive shell: reads statements from a terminal and runs them until <c>\q</c> or Ctrl-D.</summary>
internal sealed partial class SqlShell(ILake lake, CommandContext context, IKeySource keys, LineHistory history)
{
    private readonly Streams _streams = context.Streams;
    private readonly StatementRunner _runner = new(lake.Session, context.Streams, context.Format) { Talks = true };
    private readonly LakeNames _names = new(lake.Catalog);
    private bool _leaves;

    /// <summary>Runs the shell of this process.</summary>
    public static async Task<int> RunAsync(ILake lake, CommandContext context, CancellationToken cancellationToken)
    {
        using IKeySource keys = OperatingSystem.IsWindows() ? new WindowsKeys() : new UnixKeys();
        return await new SqlShell(lake, context, keys, LineHistory.Load(LineHistory.DefaultPath())).RunAsync(cancellationToken);
    }

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
            if (keys.TakeInterrupt())
                _streams.Error.WriteLine("cancelled");
            else
                await context.Cancellation.RunStatementAsync(token => TryAsync(entry.Text, token));
            cancellationToken.ThrowIfCancellationRequested();
        }

        return ExitCode.Done;
    }

    private async Task<EditResult> ReadAsync(CancellationToken cancellationToken)
    {
        // Only while typing: a running statement gets Ctrl-C as a signal.
        keys.StartTyping();
        var completer = new SqlCompleter(_names, () => lake.Session.CurrentSchema);
        string name = lake.Session.CurrentSchema is { } schema ? $"tarn {schema}" : "tarn";
        var editor = new LineEditor(keys, _streams.Error, _streams.Width, _streams.ErrorStyle, history, IsComplete, completer.CompleteAsync, error => TarnProgram.PrintError(error, _streams))
        {
            Prompts = (name + "> ", new string(' ', DisplayWidth.Of(name) - 1) + "-> "),
        };
        try
        {
            return await editor.ReadAsync(cancellationToken);
        }
        finally
        {
            keys.StopTyping();
        }
    }

    private static bool IsComplete(string text) => text.TrimStart() is "" or ['\\', ..] || IsLeaveWord(text) || SqlScript.State(text) is ScriptState.Complete or ScriptState.Empty;

    private static bool IsLeaveWord(string text) => text.Trim() is "quit" or "exit" or "quit;" or "exit;";

    private async Task TryAsync(string text, CancellationToken cancellationToken)
    {
        try
        {
            history.Add(text.TrimEnd());
            if (IsLeaveWord(text))
                _leaves = true;
            else if (text.TrimStart() is ['\\', ..])
                await RunMetaAsync(text.Trim(), cancellationToken);
            else
                await ScriptRunner.RunAsync(_runner, text, name: null, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // What was typed ahead counted on it.
            keys.Discard();
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
