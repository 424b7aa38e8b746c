using Tarn.Engine.Relations;
using Tarn.Iceberg.Serialization.Avro;
using Tarn.Iceberg.Spec;

namespace Tarn.Engine.Avro;

/// <summary>Which Iceberg field each part of an Avro schema is: by the ids in the schema, else by a name mapping ("Column Projection").</summary>
/// <param name="Mapping">Fields of the mapping at this level; null when the schema has ids.</param>
internal sealed record AvroFields(IReadOnlyList<MappedField>? Mapping)
{
    /// <summary>The fields of a file.</summary>
    public static AvroFields Of(ScanFile file, NameMapping? mapping) => new(file.HasFieldIds ? null : mapping?.Fields ?? []);

    /// <summary>The id of a field of a record, or null.</summary>
    public int? IdOf(AvroField field) => Mapping is null ? field.FieldId : Find(field.IcebergName)?.FieldId;

    /// <summary>The fields below a field or part.</summary>
    public AvroFields Below(string name) => Mapping is null ? this : new AvroFields(Find(name)?.Fields ?? []);

    /// <summary>True when some field of a record, at any depth, carries an id.</summary>
    public static bool HasIds(AvroSchema schema) => schema switch
    {
        AvroRecord record => record.Fields.Any(f => f.FieldId is not null || HasIds(f.Schema)),
        AvroArray array => array.ElementId is not null || HasIds(array.Items),
        AvroMap map => map.KeyId is not null || HasIds(map.Values),
        AvroUnion union => union.Branches.Any(HasIds),
        _ => false,
    };

    private MappedField? Find(string name) => Mapping!.FirstOrDefault(f => f.Names.Contains(name));
}
