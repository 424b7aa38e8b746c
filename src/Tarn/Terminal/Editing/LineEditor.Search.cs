using Tarn.Terminal.Keys;

namespace Tarn.Terminal.Editing;

internal sealed partial class LineEditor
{
    /// <summary>Ctrl-R: looks for typed letters in the history, newest first. Answers the key that ended the search, to be applied to the entry found.</summary>
    private Key Search(CancellationToken cancellationToken)
    {
        string wanted = "";
        string before = _buffer.Text;
        int at = history.Entries.Count;
        while (true)
        {
            string found = at < history.Entries.Count ? history.Entries[at] : before;
            Draw(($"(search) {wanted}: ", ""), found, found.Length);
            var key = keys.Read(cancellationToken);
            switch (key.Kind)
            {
                case KeyKind.Text:
                    wanted += key.Text;
                    at = FindBack(wanted, at) ?? at;
                    break;
                case KeyKind.Backspace when wanted.Length > 0:
                    wanted = wanted[..^1];
                    at = FindBack(wanted, history.Entries.Count - 1) ?? at;
                    break;
                case KeyKind.SearchBack:
                    at = FindBack(wanted, at - 1) ?? at;
                    break;
                case KeyKind.Interrupt:
                    return new Key(KeyKind.Unknown);
                default:
                    _buffer.Set(found);
                    return key.Kind == KeyKind.Escape ? new Key(KeyKind.Unknown) : key;
            }
        }
    }

    /// <summary>Position of the newest entry at or before <paramref name="from"/> that holds the text; null when there is none.</summary>
    private int? FindBack(string wanted, int from)
    {
        for (int i = Math.Min(from, history.Entries.Count - 1); i >= 0; i--)
        {
            if (history.Entries[i].Contains(wanted, StringComparison.OrdinalIgnoreCase))
                return i;
        }

        return null;
    }
}
