using System.Runtime.CompilerServices;
using System.Text.Json;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Spec;

namespace Tarn.Metastore.Catalogs.Committing;

/// <summary>
/// Remembers the JSON of snapshots as long as somebody holds them: metadata files repeat all snapshots of the file before, and a table that is
/// written to often has thousands.
/// </summary>
internal sealed class SnapshotTexts
{
    private readonly ConditionalWeakTable<Snapshot, byte[]> _texts = [];

    /// <summary>Writes a snapshot as <see cref="SnapshotJson.Write"/> does.</summary>
    public void Write(Utf8JsonWriter writer, Snapshot snapshot) =>
        writer.WriteRawValue(_texts.GetValue(snapshot, SnapshotJson.ToUtf8), skipInputValidation: true);
}
