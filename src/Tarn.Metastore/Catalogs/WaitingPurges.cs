using Tarn.Core.Errors;

namespace Tarn.Metastore.Catalogs;

/// <summary>The purged tables and views of one run that keep files, with what the store said.</summary>
internal sealed class WaitingPurges
{
    private const int MaxNamed = 20;

    private readonly List<(string Sentence, TarnException Error)> _all = [];

    /// <summary>Its metadata or a manifest cannot be read.</summary>
    public void AddUnreadable(DroppedEntry entry, TarnException error) => _all.Add((
        $"The files of the purged {What(entry)} stay, because nobody knows all of them: {error.Message.TrimEnd('.')}. {FilesInUse.WayToRead(error)}, or delete it to leave behind what only it names.",
        error));

    /// <summary>One of its files cannot be deleted. Those that lead to it stay too.</summary>
    public void AddUndeletable(DroppedEntry entry, TarnException error) => _all.Add((
        $"Files of the purged {What(entry)} stay, because one cannot be deleted: {error.Message.TrimEnd('.')}. Allow it, or delete '{entry.MetadataLocation}' to leave them behind.",
        error));

    /// <exception cref="TarnException">Of the first one's kind, naming them.</exception>
    public void ThrowIfAny(int forgotten)
    {
        if (_all.Count == 0)
            return;
        string more = _all.Count > MaxNamed ? $" So it is with {_all.Count - MaxNamed} more." : "";
        throw new TarnException(
            _all[0].Error.Kind,
            $"{string.Join(" ", _all.Take(MaxNamed).Select(w => w.Sentence))}{more} The next run tries again. {forgotten} other dropped tables and views were forgotten.",
            _all[0].Error);
    }

    private static string What(DroppedEntry entry) => $"{(entry.IsView ? "view" : "table")} '{entry.Name}' of '{entry.At}'";
}
