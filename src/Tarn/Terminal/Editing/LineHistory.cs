namespace Tarn.Terminal.Editing;

/// <summary>What was typed before, oldest first, kept in a file that only its owner may read: statements hold data.</summary>
internal sealed class LineHistory
{
    /// <summary>Entries that are kept.</summary>
    internal const int MaxEntries = 2_000;

    private readonly List<string> _entries = [];
    private readonly string? _path;

    private LineHistory(string? path) => _path = path;

    /// <summary>The entries, oldest first.</summary>
    public IReadOnlyList<string> Entries => _entries;

    /// <summary><c>$XDG_STATE_HOME/tarn/sql_history</c>, by default below <c>~/.local/state</c>; null without a home.</summary>
    public static string? DefaultPath()
    {
        string? state = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (string.IsNullOrEmpty(state) && home.Length == 0)
            return null;
        return Path.Combine(string.IsNullOrEmpty(state) ? Path.Combine(home, ".local", "state") : state, "tarn", "sql_history");
    }

    /// <summary>Reads the file; a history that cannot be read is an empty one.</summary>
    /// <param name="path">The file, or null to keep nothing.</param>
    public static LineHistory Load(string? path)
    {
        var history = new LineHistory(path);
        try
        {
            if (File.Exists(path))
                history._entries.AddRange(File.ReadAllLines(path).Select(Unescape));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new LineHistory(null);
        }

        return history;
    }

    /// <summary>Remembers an entry unless it repeats the one before, and appends it to the file: other shells append too.</summary>
    public void Add(string entry)
    {
        if (entry.Length == 0 || (_entries.Count > 0 && _entries[^1] == entry))
            return;
        _entries.Add(entry);
        if (_path is null)
            return;
        try
        {
            Append(_path, Escape(entry));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A read-only home: the shell goes on, its history ends with it.
        }
    }

    private void Append(string path, string line)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        bool full = _entries.Count > MaxEntries;
        if (full)
            _entries.RemoveRange(0, _entries.Count - MaxEntries / 2);
        var options = new FileStreamOptions { Mode = full ? FileMode.Create : FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new StreamWriter(path, options) { NewLine = "\n" };
        foreach (string each in full ? _entries.Select(Escape) : [line])
            file.WriteLine(each);
    }

    private static string Escape(string entry) => entry.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Unescape(string line) =>
        string.Join('\\', line.Split("\\\\").Select(part => part.Replace("\\n", "\n", StringComparison.Ordinal)));
}
