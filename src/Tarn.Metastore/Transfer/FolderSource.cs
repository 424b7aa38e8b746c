using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Core.Text;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Serialization.Json;

namespace Tarn.Metastore.Transfer;

/// <summary>
/// The tables and views whose metadata files lie below a location, as file system catalogs leave them: <c>a/b/t/metadata/…metadata.json</c> is table <c>t</c> of the
/// namespace <c>a.b</c>. The newest file counts: the one that <c>version-hint.text</c> names, else the highest version, of equal ones the youngest.
/// </summary>
/// <param name="store">Where the files lie.</param>
/// <param name="location">The location, e.g. <c>s3://lake/warehouse</c>.</param>
/// <param name="into">The namespace that names are put in; the root leaves what lies directly in the location without one, and so out.</param>
public sealed class FolderSource(IObjectStore store, string location, Namespace into) : IRegistrationSource
{
    private const string MetadataFolder = "/metadata/", Hint = "version-hint.text";

    private readonly string _root = location.TrimEnd('/') + "/";

    /// <inheritdoc/>
    public async IAsyncEnumerable<RegisteredName> ReadAsync(Namespace below, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // Listings are in order, so that the files of a folder come together and one folder at a time is kept.
        string? folder = null;
        var files = new List<ObjectStat>();
        await foreach (var file in store.ListAsync(_root, cancellationToken).ConfigureAwait(false))
        {
            int end = file.Location.LastIndexOf(MetadataFolder, StringComparison.Ordinal);
            if (end < _root.Length || file.Location.IndexOf('/', end + MetadataFolder.Length) >= 0 || !IsCandidate(FileName(file.Location)))
                continue;
            if (folder is not null && file.Location[..end] != folder)
            {
                if (await FindAsync(folder, files, below, cancellationToken).ConfigureAwait(false) is { } found)
                    yield return found;
                files.Clear();
            }

            folder = file.Location[..end];
            files.Add(file);
        }

        if (folder is not null && await FindAsync(folder, files, below, cancellationToken).ConfigureAwait(false) is { } last)
            yield return last;
    }

    /// <inheritdoc/>
    public ValueTask<ImmutableSortedDictionary<string, string>> PropertiesAsync(Namespace @namespace, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal));

    private async ValueTask<RegisteredName?> FindAsync(string folder, List<ObjectStat> files, Namespace below, CancellationToken cancellationToken)
    {
        var name = TableIdentifier.Of([.. into.Levels, .. folder[_root.Length..].Split('/')]);
        if (!name.Namespace.Levels.Take(below.Levels.Count).SequenceEqual(below.Levels))
            return null;
        if (name.Namespace.IsRoot)
            return new RegisteredName(name, false, "") { Problem = $"'{folder}' lies directly in the folder and has no namespace; name one that it gets." };
        try
        {
            return await NewestAsync(folder, files, cancellationToken).ConfigureAwait(false) is { } newest ? await ReadAsync(name, newest, cancellationToken).ConfigureAwait(false) : null;
        }
        catch (TarnException error) when (error.IsOfOneThing)
        {
            return new RegisteredName(name, false, "") { Problem = error.Message };
        }
    }

    private async ValueTask<RegisteredName> ReadAsync(TableIdentifier name, string file, CancellationToken cancellationToken)
    {
        var content = MetadataCompression.Expand(await store.ReadAsync(file, cancellationToken).ConfigureAwait(false), file);
        if (!IsView(content, file))
            return new RegisteredName(name, false, file);
        return new RegisteredName(name, true, file) { View = ViewMetadataJson.Read(content, file) };
    }

    private async ValueTask<string?> NewestAsync(string folder, List<ObjectStat> files, CancellationToken cancellationToken)
    {
        if (files.Exists(f => FileName(f.Location) == Hint))
        {
            string hint = Encoding.UTF8.GetString((await store.ReadAsync($"{folder}{MetadataFolder}{Hint}", cancellationToken).ConfigureAwait(false)).Span).Trim();
            string[] meant = [$"v{hint}.metadata.json", $"v{hint}.gz.metadata.json", $"v{hint}.metadata.json.gz", $"{hint}.metadata.json", hint];
            if (files.Find(f => meant.Contains(FileName(f.Location))) is { } hinted)
                return hinted.Location;
        }

        return files.Where(f => FileName(f.Location) != Hint).OrderBy(f => VersionOf(FileName(f.Location))).ThenBy(f => f.LastModified).LastOrDefault()?.Location;
    }

    private static bool IsView(ReadOnlyMemory<byte> content, string file)
    {
        try
        {
            using var json = JsonDocument.Parse(content, new JsonDocumentOptions { MaxDepth = Remote.Rest.RestLimits.JsonDepth });
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("view-uuid", out _);
        }
        catch (JsonException error)
        {
            throw TarnException.Corrupted($"'{file}' is no metadata file: {JsonDefect.Explain(content.Span, error, Remote.Rest.RestLimits.JsonDepth)}.", error);
        }
    }

    private static bool IsCandidate(string name) => name == Hint || TableMetadataJson.IsFileName(name);

    private static long VersionOf(string name) =>
        long.TryParse(string.Concat(name.TrimStart('v').TakeWhile(char.IsAsciiDigit)), out long version) ? version : -1;

    private static string FileName(string location) => location[(location.LastIndexOf('/') + 1)..];
}
