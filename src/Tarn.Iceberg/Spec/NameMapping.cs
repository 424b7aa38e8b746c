namespace Tarn.Iceberg.Spec;

/// <summary>Names by which fields are found in files without field ids ("Column Projection", property <c>schema.name-mapping.default</c>).</summary>
public sealed record NameMapping(IReadOnlyList<MappedField> Fields)
{
    /// <summary>The table property that holds it as JSON.</summary>
    public const string PropertyName = "schema.name-mapping.default";
}

/// <summary>A field of a <see cref="NameMapping"/>.</summary>
/// <param name="FieldId">Field id, or null for names that map to nothing.</param>
/// <param name="Names">Names in files; may be empty.</param>
/// <param name="Fields">Children: of a struct its fields, of a list <c>element</c>, of a map <c>key</c> and <c>value</c>.</param>
public sealed record MappedField(int? FieldId, IReadOnlyList<string> Names, IReadOnlyList<MappedField> Fields);
