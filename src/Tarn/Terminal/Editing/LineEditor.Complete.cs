using System.Text;

namespace Tarn.Terminal.Editing;

internal sealed partial class LineEditor
{
    private const int MostShown = 200;

    private async Task CompleteAsync(CancellationToken cancellationToken)
    {
        string line = _buffer.Text[..(_buffer.Cursor)];
        if (line.Length == 0 || (char.IsWhiteSpace(line[^1]) && line[(line.LastIndexOf('\n') + 1)..].Trim().Length == 0))
        {
            _buffer.Insert("    ");
            return;
        }

        if (await CandidatesAsync(cancellationToken) is not { } completion)
            return;
        string typed = _buffer.Text[completion.Start.._buffer.Cursor];
        if (completion.Candidates.Count == 1)
            _buffer.ReplaceBeforeCursor(completion.Start, completion.Candidates[0] + (completion.Candidates[0][^1] is '.' or '/' or '\'' ? "" : " "));
        else if (completion.CommonPrefix.Length > typed.Length)
            _buffer.ReplaceBeforeCursor(completion.Start, completion.CommonPrefix);
        else if (completion.Candidates.Count > 1)
            Show(completion.Candidates);
    }

    /// <summary>What could stand at the cursor; null when that could not be found out, which has been told: the text is as good as before.</summary>
    private async ValueTask<Completion?> CandidatesAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await complete(_buffer.Text, _buffer.Cursor, cancellationToken);
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            Draw();
            Report(error);
            return null;
        }
    }

    private void Show(IReadOnlyList<string> candidates)
    {
        var shown = candidates.Take(MostShown).ToList();
        int cell = shown.Max(candidate => DisplayWidth.Of(candidate)) + 2;
        int columns = Math.Max(1, (width() - 1) / cell);
        int rows = (shown.Count + columns - 1) / columns;
        // Keys that came at once have not been drawn.
        Draw();
        var text = new StringBuilder(_frame!.Leave());
        for (int row = 0; row < rows; row++)
        {
            for (int at = row; at < shown.Count; at += rows)
                text.Append(shown[at]).Append(' ', cell - DisplayWidth.Of(shown[at]));
            text.Append("\r\n");
        }

        if (candidates.Count > shown.Count)
            text.Append("… ").Append(candidates.Count - shown.Count).Append(" more\r\n");
        screen.Write(text.ToString());
        _frame = null;
    }
}
