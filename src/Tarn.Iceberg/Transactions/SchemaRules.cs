using Tarn.Core.Errors;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Transactions;

/// <summary>What a schema must fulfil before it is added to a table ("Schemas and Data Types", "Default values", "Identifier Field IDs").</summary>
internal static class SchemaRules
{
    /// <summary>The first format version with default values and the types that need it.</summary>
    public const int ExtendedTypesVersion = 3;

    /// <summary>Throws InvalidRequest naming the field and the rule.</summary>
    /// <param name="schema">The schema to be added.</param>
    /// <param name="formatVersion">Version of the table.</param>
    /// <param name="known">Schemas of the table: what they already hold is not refused again.</param>
    /// <param name="leastId">Least id that a field may have. Columns of views have no files to be found in, and some writers number them from 0.</param>
    public static void Check(Schema schema, int formatVersion, IReadOnlyList<Schema> known, int leastId = 1)
    {
        CheckIds(schema, leastId);
        CheckStruct(schema.Struct, "");
        foreach (var field in schema.FieldsById.Values)
        {
            if (!known.Any(s => s.FindField(field.Id) is { } old && SameDefaultsAndType(old, field)))
                CheckField(field, schema.FindName(field.Id)!, formatVersion);
        }

        foreach (int id in schema.IdentifierFieldIds)
            CheckIdentifier(schema, id);
    }

    /// <summary>Throws InvalidRequest when the field cannot identify rows.</summary>
    public static void CheckIdentifier(Schema schema, int fieldId)
    {
        var field = schema.FindField(fieldId) ?? throw TarnException.Invalid($"Identifier field {fieldId} is not in the schema. Identifier fields must be columns of the table.");
        string name = schema.FindName(fieldId)!;
        if (!field.Type.IsPrimitive)
            throw Identifier(name, $"it is of type {field.Type}, and only primitive fields can be identifiers");
        if (field.Type.Id is TypeId.Float or TypeId.Double)
            throw Identifier(name, $"it is of type {field.Type}, and floating-point fields cannot be identifiers");
        if (!field.Required)
            throw Identifier(name, "it is optional, and identifiers must be required");
        for (int parent = schema.ParentId(fieldId); parent != 0; parent = schema.ParentId(parent))
        {
            var holder = schema.FieldsById[parent];
            if (holder.Type is not StructType)
                throw Identifier(name, $"it lies in {holder.Type.Id.ToString().ToLowerInvariant()} '{schema.FindName(parent)}', and identifiers may be nested in structs only");
            if (!holder.Required)
                throw Identifier(name, $"it lies in the optional struct '{schema.FindName(parent)}', and identifiers must never be null");
        }
    }

    private static TarnException Identifier(string name, string why) => TarnException.Invalid($"Field '{name}' cannot be an identifier field: {why}.");

    private static void CheckIds(Schema schema, int leastId)
    {
        var seen = new HashSet<int>();
        Visit(schema.Struct);

        void Visit(IcebergType type)
        {
            foreach (var child in type.Children())
            {
                if (child.Id < leastId)
                    throw TarnException.Invalid($"Field '{child.Name}' has id {child.Id}; field ids start at {leastId}.");
                if (!seen.Add(child.Id))
                    throw TarnException.Invalid($"Field id {child.Id} of '{child.Name}' occurs twice in the schema; ids must be unique.");
                Visit(child.Type);
            }
        }
    }

    private static void CheckStruct(IcebergType type, string path)
    {
        if (type is StructType s && s.Fields.GroupBy(f => f.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw TarnException.Invalid($"Column '{Join(path, twice.Key)}' occurs twice; names in a struct must be unique.");
        foreach (var child in type.Children())
            CheckStruct(child.Type, Join(path, child.Name));
    }

    /// <summary>What to do for a column default (Appendix E, version 3).</summary>
    internal const string DefaultsNeed = "Set its property format-version to 3 (in SQL: format_version = 3), or leave the default out.";

    private static void CheckField(NestedField field, string name, int formatVersion)
    {
        if (formatVersion < ExtendedTypesVersion && NeedsVersion3(field.Type))
            throw TarnException.Invalid($"Column '{name}' has type {field.Type}, which needs format version 3; the table has version {formatVersion}. Give the table format version 3 or choose another type.");
        if (field.Type.Id == TypeId.Unknown && field.Required)
            throw TarnException.Invalid($"Column '{name}' of type unknown must be optional: all its values are null.");
        if (field.InitialDefault is null && field.WriteDefault is null)
            return;
        if (formatVersion < ExtendedTypesVersion)
            throw TarnException.Invalid($"Column '{name}' cannot have a default: that needs format version 3, and the table has version {formatVersion}. {DefaultsNeed}");
        if (field.Type.Id is TypeId.Unknown or TypeId.Variant or TypeId.Geometry or TypeId.Geography)
            throw TarnException.Invalid($"Column '{name}' of type {field.Type} must default to null.");
        if (field.Type is StructType && (HasValues(field.InitialDefault) || HasValues(field.WriteDefault)))
            throw TarnException.Invalid($"The default of struct column '{name}' may only be null or empty; defaults of its fields belong to the fields.");
    }

    private static bool NeedsVersion3(IcebergType type) =>
        type.Id is TypeId.Unknown or TypeId.Variant or TypeId.Geometry or TypeId.Geography or TypeId.TimestampNs or TypeId.TimestampTzNs;

    private static bool HasValues(object? structDefault) => structDefault is object?[] values && values.Any(v => v is not null);

    private static bool SameDefaultsAndType(NestedField old, NestedField field) =>
        (old.Type.IsNested ? old.Type.Id == field.Type.Id : old.Type == field.Type) && old.Required == field.Required
        && LiteralValue.AreEqual(old.InitialDefault, field.InitialDefault) && LiteralValue.AreEqual(old.WriteDefault, field.WriteDefault);

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
