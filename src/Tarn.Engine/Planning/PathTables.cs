using System.Text;
using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Serialization.Json;

namespace Tarn.Engine.Planning;

/// <summary>Tables outside every catalog, opened by the path of a table folder or a metadata file: <c>iceberg_table('path')</c>.</summary>
internal sealed class PathTables(IObjectStore store)
{
    /// <summary>Opens a table folder or metadata file.</summary>
    /// <exception cref="TarnException">NotFound when there is no table at the path.</exception>
    public async ValueTask<TableHandle> OpenAsync(string path, CancellationToken cancellationToken)
    {
        string file = await MetadataFileAsync(path, cancellationToken).ConfigureAwait(false);
        var bytes = await store.ReadAsync(file, cancellationToken).ConfigureAwait(false);
        return new TableHandle(TableIdentifier.Of(path), file, TableMetadataJson.Read(bytes, file));
    }

    /// <summary>The metadata file that a path names: the path itself, or the newest of the folder of a table or view.</summary>
    /// <exception cref="TarnException">NotFound when the folder is neither.</exception>
    public async ValueTask<string> MetadataFileAsync(string path, CancellationToken cancellationToken)
    {
        string location = path.Contains("://", StringComparison.Ordinal) ? path : Path.GetFullPath(path);
        return location.EndsWith(".json", StringComparison.Ordinal) || location.EndsWith(".json.gz", StringComparison.Ordinal)
            ? location
            : await CurrentMetadataAsync(location.TrimEnd('/'), cancellationToken).ConfigureAwait(false);
    }

    // "File System Tables": version-hint.text names the version; without it the highest version counts.
    private async ValueTask<string> CurrentMetadataAsync(string folder, CancellationToken cancellationToken)
    {
        var files = new List<ObjectStat>();
        await foreach (var file in store.ListAsync($"{folder}/metadata/", cancellationToken).ConfigureAwait(false))
        {
            if (file.Location.EndsWith(".json", StringComparison.Ordinal))
                files.Add(file);
        }

        string hintLocation = $"{folder}/metadata/version-hint.text";
        if (await store.HeadAsync(hintLocation, cancellationToken).ConfigureAwait(false) is not null)
        {
            string hint = Encoding.UTF8.GetString((await store.ReadAsync(hintLocation, cancellationToken).ConfigureAwait(false)).Span).Trim();
            var hinted = files.FirstOrDefault(f => IsVersion(FileName(f), hint));
            if (hinted is not null)
                return hinted.Location;
        }

        return files.OrderBy(f => VersionOf(FileName(f))).ThenBy(f => f.LastModified).LastOrDefault()?.Location
            ?? throw TarnException.NotFound($"'{folder}' is no Iceberg table or view: it has no metadata/*.metadata.json. Name the folder of one or a metadata file.");
    }

    private static bool IsVersion(string name, string hint) =>
        hint.Length > 0 && (name == $"{hint}.metadata.json" || name == $"v{hint}.metadata.json" || name == $"v{hint}.gz.metadata.json" || name == $"v{hint}.metadata.json.gz" || name == hint);

    private static long VersionOf(string name)
    {
        string digits = new([.. name.TrimStart('v').TakeWhile(char.IsAsciiDigit)]);
        return long.TryParse(digits, out long version) ? version : -1;
    }

    private static string FileName(ObjectStat file) => file.Location[(file.Location.LastIndexOf('/') + 1)..];
}
