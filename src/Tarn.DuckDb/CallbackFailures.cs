namespace Tarn.DuckDb;

/// <summary>
/// Carries exceptions of functions in C# across DuckDB, which only passes text on: the last few are kept and found again by their text.
/// </summary>
internal sealed class CallbackFailures
{
    private const int Kept = 32;

    private readonly Lock _gate = new();
    private readonly LinkedList<(string Text, Exception Error)> _recent = new();

    /// <summary>Keeps an exception; the result is the text to give to DuckDB.</summary>
    internal string Add(Exception error)
    {
        // A C string ends at NUL, and DuckDB takes an empty error for none.
        var text = error.Message.Replace('\0', ' ');
        if (text.Length == 0)
            text = error.GetType().Name;
        lock (_gate)
        {
            _recent.AddFirst((text, error));
            if (_recent.Count > Kept)
                _recent.RemoveLast();
        }
        return text;
    }

    /// <summary>The latest exception whose text stands in a message of DuckDB.</summary>
    internal Exception? Find(string? message)
    {
        if (message is null)
            return null;
        lock (_gate)
        {
            foreach (var (text, error) in _recent)
                if (message.Contains("Error: " + text, StringComparison.Ordinal)
                    || message.Contains("Error in replacement scan: " + text, StringComparison.Ordinal))
                    return error;
        }
        return null;
    }
}
