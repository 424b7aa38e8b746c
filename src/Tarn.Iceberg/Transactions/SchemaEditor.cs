using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Transactions;

/// <summary>A schema while it is being changed, with the rules of "Schema Evolution". Each operation sees the result of those before it.</summary>
internal sealed partial class SchemaEditor(TableMetadata table, bool allowIncompatible)
{
    private int lastColumnId = table.LastColumnId;

    /// <summary>The schema as it is now.</summary>
    public Schema Schema { get; private set; } = table.CurrentSchema;

    // Without any snapshot there is no row that a new rule could contradict.
    private bool HasNoRows => table.Snapshots.Count == 0;

    /// <summary>Adds a column to the table, or to the struct at <paramref name="parent"/>.</summary>
    public void Add(string? parent, string name, IcebergType type, bool required, string? doc, object? defaultValue)
    {
        if (name.Length == 0)
            throw TarnException.Invalid("A column must have a name.");
        var holder = parent is null ? null : StructAt(parent);
        var siblings = holder is null ? Schema.Fields : ((StructType)holder.Type).Fields;
        string path = parent is null ? name : $"{parent}.{name}";
        if (siblings.Any(f => f.Name == name))
            throw TarnException.AlreadyExists($"Column '{path}' cannot be added: there is one of this name.");
        if (holder is not null && IsInMapKey(holder.Id))
            throw TarnException.Invalid($"Column '{path}' cannot be added: map keys cannot be changed, they would no longer be equal to those in files.");
        if (required && defaultValue is null && !allowIncompatible && !HasNoRows)
            throw TarnException.Invalid($"Column '{path}' cannot be added as required without a default: existing rows have no value for it. Make it optional or give a default (format version 3).");
        if (defaultValue is not null && table.FormatVersion < SchemaRules.ExtendedTypesVersion)
            throw TarnException.Invalid($"Column '{path}' cannot have a default: that needs format version 3, and the table has version {table.FormatVersion}. {SchemaRules.DefaultsNeed}");
        int id = ++lastColumnId;
        var field = new NestedField(id, name, required, FreshIds.Assign(type, () => ++lastColumnId), doc) { InitialDefault = defaultValue, WriteDefault = defaultValue };
        ReplaceChildren(holder?.Id ?? 0, [.. siblings, field]);
    }

    /// <summary>Removes a column and all below it.</summary>
    public void Delete(string path)
    {
        var field = Find(path, "dropped");
        RefuseInMapKey(field, path, "dropped");
        int parent = Schema.ParentId(field.Id);
        if (parent != 0 && Schema.FieldsById[parent].Type is not StructType)
            throw TarnException.Invalid($"'{path}' cannot be dropped: a list keeps its element and a map its value. Drop the whole column.");
        if (Siblings(parent).Count == 1)
            throw TarnException.Invalid(parent == 0
                ? $"Column '{path}' cannot be dropped: it is the only one, and a table needs a column. Add another one first."
                : $"Field '{path}' cannot be dropped: it is the only one of its struct, and data files store no struct without fields. Drop '{Schema.FindName(parent)}', or add another field first.");
        var gone = Below(field).Append(field.Id).ToHashSet();
        int identifier = Schema.IdentifierFieldIds.FirstOrDefault(gone.Contains);
        if (identifier != 0)
            throw TarnException.Invalid($"Column '{path}' cannot be dropped: '{Schema.FindName(identifier)}' is an identifier field. Set other identifier fields first.");
        ReplaceChildren(parent, [.. Siblings(parent).Where(f => f.Id != field.Id)]);
    }

    /// <summary>Gives a column another name in the same struct.</summary>
    public void Rename(string path, string newName)
    {
        var field = Find(path, "renamed");
        RefuseInMapKey(field, path, "renamed");
        int parent = Schema.ParentId(field.Id);
        if (parent != 0 && Schema.FieldsById[parent].Type is not StructType)
            throw TarnException.Invalid($"'{path}' cannot be renamed: elements of lists and values of maps have fixed names.");
        if (newName.Length == 0)
            throw TarnException.Invalid($"Column '{path}' cannot be renamed to an empty name.");
        if (field.Name != newName && Siblings(parent).Any(f => f.Name == newName))
            throw TarnException.AlreadyExists($"Column '{path}' cannot be renamed to '{newName}': there is one of this name.");
        Replace(field with { Name = newName });
    }

    /// <summary>Widens a column's type.</summary>
    public void ChangeType(string path, IcebergType type)
    {
        var field = Find(path, "changed");
        if (field.Type.Equals(type))
            return;
        RefuseInMapKey(field, path, "changed");
        if (!TypePromotion.IsAllowed(field.Type, type, table.FormatVersion))
            throw TarnException.Invalid($"Column '{path}' cannot change from {field.Type} to {type}: {PromotionRule(table.FormatVersion)}.");
        RefuseChangedPartitions(field, path, type);
        Replace(field with
        {
            Type = FreshIds.Assign(type, () => ++lastColumnId),
            InitialDefault = PromoteDefault(field.InitialDefault, type, path),
            WriteDefault = PromoteDefault(field.WriteDefault, type, path),
        });
    }

    /// <summary>Makes a required column optional.</summary>
    public void MakeOptional(string path)
    {
        var field = Find(path, "made optional");
        RefuseInMapKey(field, path, "made optional");
        if (Schema.IdentifierFieldIds.FirstOrDefault(id => id == field.Id || Below(field).Contains(id)) is not 0 and var identifier)
            throw TarnException.Invalid($"Column '{path}' cannot be made optional: identifier field '{Schema.FindName(identifier)}' must never be null. Set other identifier fields first.");
        Replace(field with { Required = false });
    }

    /// <summary>Makes an optional column required.</summary>
    public void Require(string path)
    {
        var field = Find(path, "made required");
        RefuseInMapKey(field, path, "made required");
        if (field.Required)
            return;
        bool added = table.CurrentSchema.FindField(field.Id) is null && field.InitialDefault is not null;
        if (!allowIncompatible && !HasNoRows && !added)
            throw TarnException.Invalid($"Column '{path}' cannot be made required: existing rows may hold null. Only the way from required to optional is open.");
        Replace(field with { Required = true });
    }

    /// <summary>Sets or removes (null) the documentation.</summary>
    public void Document(string path, string? doc) => Replace(Find(path, "documented") with { Doc = doc });

    /// <summary>Changes the value that writers store when none is given; the initial default never changes.</summary>
    public void SetDefault(string path, object? value)
    {
        var field = Find(path, "given a default");
        if (table.FormatVersion < SchemaRules.ExtendedTypesVersion && value is not null)
            throw TarnException.Invalid($"Column '{path}' cannot have a default: that needs format version 3, and the table has version {table.FormatVersion}. {SchemaRules.DefaultsNeed}");
        Replace(field with { WriteDefault = value });
    }

    /// <summary>Sets the fields that identify rows.</summary>
    public void SetIdentifiers(IReadOnlyList<string> paths)
    {
        int[] ids = [.. paths.Select(p => Find(p, "an identifier field").Id)];
        Schema = new Schema(-1, Schema.Fields, ids) { UnknownFields = Schema.UnknownFields };
        foreach (int id in ids)
            SchemaRules.CheckIdentifier(Schema, id);
    }

    private NestedField Find(string path, string what) =>
        ColumnPath.Find(Schema, path) ?? throw TarnException.NotFound($"Column '{path}' cannot be {what}: the table has no such column. Its columns are {string.Join(", ", Schema.Fields.Select(f => f.Name))}.");

    // A list or map stands for the struct that it holds.
    private NestedField StructAt(string path)
    {
        var field = Find(path, "extended");
        while (true)
        {
            switch (field.Type)
            {
                case StructType:
                    return field;
                case ListType l:
                    field = l.Element;
                    break;
                case MapType m:
                    field = m.Value;
                    break;
                default:
                    throw TarnException.Invalid($"A column cannot be added to '{path}': it is of type {field.Type} and not a struct.");
            }
        }
    }

    private void RefuseChangedPartitions(NestedField field, string path, IcebergType type)
    {
        var partition = table.PartitionSpecs.SelectMany(s => s.Fields).FirstOrDefault(f => f.SourceIds.Contains(field.Id) && TypePromotion.ChangesPartitions(field.Type, f.Transform));
        if (partition is not null)
            throw TarnException.Invalid($"Column '{path}' cannot change to {type}: partition field '{partition.Name}' ({partition.Transform}) would have other values than those of existing files.");
    }

    private static object? PromoteDefault(object? value, IcebergType type, string path)
    {
        try
        {
            return TypePromotion.Promote(value, type);
        }
        catch (OverflowException e)
        {
            throw TarnException.Invalid($"Column '{path}' cannot change to {type}: its default is outside the range of that type.", e);
        }
    }

    private static string PromotionRule(int formatVersion) => formatVersion >= SchemaRules.ExtendedTypesVersion
        ? "only int to long, float to double, date to timestamp or timestamp_ns, unknown to any type, and decimals to more digits of the same scale are allowed"
        : "only int to long, float to double and decimals to more digits of the same scale are allowed";
}
