using System.Text.Json;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Serialization.Manifests;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transforms;
using Tarn.Testing;

namespace Tarn.Iceberg.Tests.Serialization.Manifests;

/// <summary>A table of the shared fixtures with its metadata and what a reader must find in it.</summary>
internal sealed class FixtureTable
{
    private readonly string folder;
    private readonly (string From, string To)[] map;

    private FixtureTable(string name, string folder, JsonElement expected, (string From, string To)[] map)
    {
        Name = name;
        this.folder = folder;
        this.map = map;
        Expected = expected;
        string file = expected.GetProperty("metadata_file").GetString()!;
        Metadata = TableMetadataJson.Read(File.ReadAllBytes(Path.Combine(folder, file)), file);
    }

    internal string Name { get; }

    internal JsonElement Expected { get; }

    internal TableMetadata Metadata { get; }

    /// <summary>Every table under <c>tables</c>; empty, with a line on the console, without the fixtures.</summary>
    internal static IEnumerable<FixtureTable> Own() => Load(SharedFolder.TryGet("fixtures", "iceberg", "tables"), _ =>
        [("file:///fixtures/iceberg/tables/", ""), ("file:/fixtures/iceberg/tables/", ""), ("/fixtures/iceberg/tables/", "")]);

    /// <summary>Every table under <c>foreign</c>.</summary>
    internal static IEnumerable<FixtureTable> Foreign() => Load(SharedFolder.TryGet("fixtures", "iceberg", "foreign"), expected =>
        [.. expected.GetProperty("location_map").EnumerateArray().Select(p => (p[0].GetString()!, p[1].GetString()!))]);

    internal byte[] Read(string location)
    {
        foreach (var (from, to) in map)
        {
            if (location.StartsWith(from, StringComparison.Ordinal))
                return File.ReadAllBytes(Path.Combine(folder, to + location[from.Length..]));
        }

        throw new FileNotFoundException(location);
    }

    internal IReadOnlyList<ManifestFile> Manifests(Snapshot snapshot) => snapshot.ManifestList is { } list
        ? ManifestListReader.Read(Read(list), list)
        : [.. snapshot.Manifests!.Select(m => ManifestReader.Describe(Read(m), m, snapshot.SnapshotId))];

    internal IReadOnlyList<ManifestEntry> Entries(ManifestFile manifest) =>
        ManifestReader.Read(Read(manifest.ManifestPath), manifest, Metadata.PartitionType(Metadata.Spec(manifest.PartitionSpecId)));

    private static IEnumerable<FixtureTable> Load(string? folder, Func<JsonElement, (string From, string To)[]> map)
    {
        if (folder is null)
            yield break;
        foreach (string path in Directory.EnumerateFiles(Path.Combine(folder, "expected"), "*.json").Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileNameWithoutExtension(path);
            if (name.StartsWith('_') || name.EndsWith(".inspect", StringComparison.Ordinal))
                continue;
            var expected = JsonDocument.Parse(File.ReadAllBytes(path)).RootElement;
            if (expected.TryGetProperty("view", out _))
                continue;
            yield return new FixtureTable(name, folder, expected, map(expected));
        }
    }
}
