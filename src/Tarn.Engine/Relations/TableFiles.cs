using Tarn.Engine.Deletes;
using Tarn.Iceberg.Spec;

namespace Tarn.Engine.Relations;

/// <summary>The files of a scan, with all that must be applied to them.</summary>
/// <param name="Schema">The schema to read with.</param>
/// <param name="Mapping">Mapping for files without field ids, or null.</param>
/// <param name="Files">The data files.</param>
internal sealed record TableFiles(Schema Schema, NameMapping? Mapping, IReadOnlyList<ScanFile> Files)
{
    /// <summary>Under which key <see cref="Functions.LiveRows"/> knows the deleted positions of the files.</summary>
    public long LiveKey { get; init; }

    /// <summary>Equality deletes and the data files to which they apply.</summary>
    public IReadOnlyList<EqualityDeleteSet> Equality { get; init; } = [];
}
