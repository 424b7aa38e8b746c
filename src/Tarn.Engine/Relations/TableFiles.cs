using Tarn.Engine.Deletes;
using Tarn.Engine.Functions;
using Tarn.Iceberg.Spec;

namespace Tarn.Engine.Relations;

/// <summary>The files of a scan, with all that must be applied to them.</summary>
/// <param name="Schema">The schema to read with.</param>
/// <param name="Mapping">Mapping for files without field ids, or null.</param>
/// <param name="Files">The data files.</param>
internal sealed record TableFiles(Schema Schema, NameMapping? Mapping, IReadOnlyList<ScanFile> Files)
{
    /// <summary>Makes a relation of the engine known for the time of the query; answers the SQL that reads it. Null where no Avro file is.</summary>
    public Func<IRelation, string>? Register { get; init; }

    /// <summary>
    /// Has key and data sequence number of equality deletes read that compare one whole number, by the query and the files it reads; answers under which key
    /// <see cref="KeptRows"/> knows them, before it has read them. Null where there is nobody to ask.
    /// </summary>
    public Func<string, IReadOnlyList<ScanFile>, long>? LoadKeys { get; init; }

    /// <summary>Under which key <see cref="LiveRows"/> knows the deleted positions of the files.</summary>
    public long LiveKey { get; init; }

    /// <summary>Data files whose equality deletes are among their deleted positions.</summary>
    public int EqualityAsPositions { get; init; }

    /// <summary>Equality deletes and the data files to which they apply.</summary>
    public IReadOnlyList<EqualityDeleteSet> Equality { get; init; } = [];
}
