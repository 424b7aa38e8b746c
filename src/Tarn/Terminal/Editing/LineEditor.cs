using Tarn.Terminal.Keys;

namespace Tarn.Terminal.Editing;

/// <summary>How a line editor ended.</summary>
/// <param name="Text">What was typed; null at the end of input (Ctrl-D on an empty line).</param>
/// <param name="Interrupted">Ctrl-C: the text is thrown away.</param>
internal readonly record struct EditResult(string? Text, bool Interrupted = false);

/// <summary>
/// Reads one entry of one or more lines from a terminal. Enter ends the entry when <paramref name="isComplete"/> says so, else begins a new line.
/// What goes wrong with a key is told to <paramref name="report"/>, and the editor goes on.
/// </summary>
internal sealed partial class LineEditor(
    IKeySource keys,
    TextWriter screen,
    Func<int> width,
    Style style,
    LineHistory history,
    Func<string, bool> isComplete,
    Func<string, int, CancellationToken, Task<Completion>> complete,
    Action<Exception> report)
{
    private readonly LineBuffer _buffer = new();
    private Frame? _frame;
    private int _historyAt;
    private string _draft = "";

    /// <summary>Before the first line, and before each other line; of equal width.</summary>
    public (string First, string Next) Prompts { get; set; } = ("> ", ". ");

    /// <summary>Reads an entry.</summary>
    /// <exception cref="OperationCanceledException">The process is to end.</exception>
    public async Task<EditResult> ReadAsync(CancellationToken cancellationToken)
    {
        _buffer.Set("");
        _frame = null;
        _historyAt = history.Entries.Count;
        _draft = "";
        Draw();
        while (true)
        {
            var key = keys.Read(cancellationToken);
            try
            {
                if (await TakeAsync(key, cancellationToken) is { } result)
                    return result;
            }
            catch (Exception error) when (error is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                // The text may be what cannot be handled: it goes, the person stays.
                Report(error);
                _buffer.Set("");
                Draw();
            }
        }
    }

    private async ValueTask<EditResult?> TakeAsync(Key key, CancellationToken cancellationToken)
    {
        if (key.Kind == KeyKind.SearchBack)
            key = Search(cancellationToken);
        if (key.Kind == KeyKind.Tab)
            await CompleteAsync(cancellationToken);
        else if (Apply(key) is { } result)
            return Leave(result);
        if (!keys.IsPending)
            Draw();
        return null;
    }

    private void Report(Exception error)
    {
        screen.Write("\r\n");
        report(error);
        _frame = null;
    }

    /// <summary>Applies a key; answers the result when it ends the entry.</summary>
    private EditResult? Apply(Key key)
    {
        switch (key.Kind)
        {
            case KeyKind.Enter when isComplete(_buffer.Text):
                return new EditResult(_buffer.Text);
            case KeyKind.Interrupt:
                return new EditResult("", Interrupted: true);
            case KeyKind.EndOfInput when _buffer.Text.Length == 0:
            case KeyKind.HangUp:
                return new EditResult(null);
            case KeyKind.Enter or KeyKind.NewLine:
                _buffer.Insert("\n");
                break;
            case KeyKind.Text or KeyKind.Paste:
                _buffer.Insert(key.Text);
                break;
            case KeyKind.Up when !_buffer.Up():
                Recall(_historyAt - 1);
                break;
            case KeyKind.Down when !_buffer.Down():
                Recall(_historyAt + 1);
                break;
            case KeyKind.ClearScreen:
                screen.Write("\e[H\e[2J");
                _frame = null;
                break;
            default:
                Move(key.Kind);
                break;
        }

        return null;
    }

    private void Move(KeyKind kind)
    {
        switch (kind)
        {
            case KeyKind.Left: _buffer.Left(); break;
            case KeyKind.Right: _buffer.Right(); break;
            case KeyKind.Home: _buffer.Home(); break;
            case KeyKind.End: _buffer.End(); break;
            case KeyKind.WordLeft: _buffer.WordLeft(); break;
            case KeyKind.WordRight: _buffer.WordRight(); break;
            case KeyKind.Backspace: _buffer.Backspace(); break;
            case KeyKind.Delete or KeyKind.EndOfInput: _buffer.Delete(); break;
            case KeyKind.KillToEnd: _buffer.KillToEnd(); break;
            case KeyKind.KillToStart: _buffer.KillToStart(); break;
            case KeyKind.KillWord: _buffer.KillWord(); break;
            case KeyKind.KillNextWord: _buffer.KillNextWord(); break;
            case KeyKind.Yank: _buffer.Yank(); break;
        }
    }

    private void Recall(int index)
    {
        if (index < 0 || index > history.Entries.Count)
            return;
        if (_historyAt == history.Entries.Count)
            _draft = _buffer.Text;
        _historyAt = index;
        _buffer.Set(index == history.Entries.Count ? _draft : history.Entries[index]);
    }

    private void Draw() => Draw(Prompts, _buffer.Text, _buffer.Cursor);

    private void Draw((string First, string Next) prompts, string text, int cursor)
    {
        var frame = Frame.Lay(prompts, text, cursor, width(), style);
        // Bracketed paste on: a pasted script is then one key.
        screen.Write((_frame is null ? "\e[?2004h" : "") + frame.Redraw(_frame?.CursorRow ?? 0));
        screen.Flush();
        _frame = frame;
    }

    private EditResult Leave(EditResult result)
    {
        Draw();
        screen.Write(result.Interrupted ? "^C" + _frame!.Leave() : _frame!.Leave());
        screen.Write("\e[?2004l");
        screen.Flush();
        return result;
    }
}
