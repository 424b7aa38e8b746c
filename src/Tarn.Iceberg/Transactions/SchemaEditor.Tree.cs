using Tarn.Core.Errors;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Transactions;

/// <content>Walking and rebuilding the tree of fields; moving; union by name.</content>
internal sealed partial class SchemaEditor
{
    /// <summary>Moves a column to the front of its struct.</summary>
    public void MoveFirst(string path)
    {
        var field = Find(path, "moved");
        var others = OtherSiblings(field);
        ReplaceChildren(Schema.ParentId(field.Id), [field, .. others]);
    }

    /// <summary>Moves a column next to another one of the same struct.</summary>
    public void MoveBeside(string path, string other, bool after)
    {
        var field = Find(path, "moved");
        var target = Find(other, "the target of a move");
        if (field.Id == target.Id)
            throw TarnException.Invalid($"Column '{path}' cannot be moved next to itself.");
        if (Schema.ParentId(field.Id) != Schema.ParentId(target.Id))
            throw TarnException.Invalid($"Column '{path}' cannot be moved next to '{other}': they are not in the same struct, and a column never leaves its struct.");
        var others = OtherSiblings(field).ToList();
        others.Insert(others.FindIndex(f => f.Id == target.Id) + (after ? 1 : 0), field);
        ReplaceChildren(Schema.ParentId(field.Id), others);
    }

    /// <summary>Adds what another schema has more, by names: new columns (always optional), wider types, optional where it says so, its docs.</summary>
    public void UnionByName(IReadOnlyList<NestedField> fields, string? parent, bool ignoreCase)
    {
        foreach (var field in fields)
        {
            string path = parent is null ? field.Name : $"{parent}.{field.Name}";
            var siblings = parent is null ? Schema.Fields : ((StructType)StructAt(parent).Type).Fields;
            var existing = siblings.FirstOrDefault(f => f.Name == field.Name)
                ?? (ignoreCase ? siblings.FirstOrDefault(f => f.Name.Equals(field.Name, StringComparison.OrdinalIgnoreCase)) : null);
            if (existing is null)
                Add(parent, field.Name, AllOptional(field.Type), required: false, field.Doc, defaultValue: null);
            else
                Merge(Schema.FindName(existing.Id)!, field, ignoreCase);
        }
    }

    private void Merge(string path, NestedField incoming, bool ignoreCase)
    {
        var existing = Schema.FindField(path)!;
        if (existing.Required && !incoming.Required)
            MakeOptional(path);
        if (incoming.Doc is not null && incoming.Doc != existing.Doc)
            Document(path, incoming.Doc);
        switch (existing.Type, incoming.Type)
        {
            case (StructType, StructType s):
                UnionByName(s.Fields, path, ignoreCase);
                break;
            case (ListType, ListType l):
                Merge($"{path}.element", l.Element, ignoreCase);
                break;
            case (MapType, MapType m):
                MergeKey(path, m.Key);
                Merge($"{path}.value", m.Value, ignoreCase);
                break;
            default:
                MergeType(path, existing.Type, incoming.Type);
                break;
        }
    }

    // A narrower type fits into the column as it is.
    private void MergeType(string path, IcebergType existing, IcebergType incoming)
    {
        bool fits = existing.Equals(incoming) || incoming.Id == TypeId.Unknown || TypePromotion.IsAllowed(incoming, existing, SchemaRules.ExtendedTypesVersion)
            || (existing is DecimalType a && incoming is DecimalType b && a.Scale == b.Scale && a.Precision >= b.Precision);
        if (!fits)
            ChangeType(path, incoming);
    }

    private void MergeKey(string path, NestedField incoming)
    {
        var key = Schema.FindField($"{path}.key")!;
        if (!key.Type.IsNested && !incoming.Type.IsNested)
            MergeType($"{path}.key", key.Type, incoming.Type);
    }

    private static IcebergType AllOptional(IcebergType type) => type switch
    {
        MapType m => new MapType(m.Key, m.Value with { Required = false, Type = AllOptional(m.Value.Type) }),
        _ => type.WithChildren([.. type.Children().Select(c => c with { Required = false, Type = AllOptional(c.Type) })]),
    };

    private IEnumerable<NestedField> OtherSiblings(NestedField field)
    {
        int parent = Schema.ParentId(field.Id);
        if (parent != 0 && Schema.FieldsById[parent].Type is not StructType)
            throw TarnException.Invalid($"'{Schema.FindName(field.Id)}' cannot be moved: only fields of structs have an order.");
        return Siblings(parent).Where(f => f.Id != field.Id);
    }

    private IReadOnlyList<NestedField> Siblings(int parent) => parent == 0 ? Schema.Fields : Schema.FieldsById[parent].Type.Children();

    private static IEnumerable<int> Below(NestedField field) => field.Type.Children().SelectMany(c => Below(c).Append(c.Id));

    private void RefuseInMapKey(NestedField field, string path, string what)
    {
        if (IsInMapKey(field.Id))
            throw TarnException.Invalid($"'{path}' cannot be {what}: map keys cannot be changed, they would no longer be equal to those in files.");
    }

    private bool IsInMapKey(int id)
    {
        for (int child = id, parent = Schema.ParentId(id); parent != 0; child = parent, parent = Schema.ParentId(parent))
        {
            if (Schema.FieldsById[parent].Type is MapType m && m.Key.Id == child)
                return true;
        }

        return false;
    }

    private void Replace(NestedField field)
    {
        int parent = Schema.ParentId(field.Id);
        ReplaceChildren(parent, [.. Siblings(parent).Select(f => f.Id == field.Id ? field : f)]);
    }

    private void ReplaceChildren(int parent, IReadOnlyList<NestedField> children)
    {
        if (parent == 0)
            Schema = new Schema(-1, children, Schema.IdentifierFieldIds) { UnknownFields = Schema.UnknownFields };
        else
            Replace(Schema.FieldsById[parent] with { Type = Schema.FieldsById[parent].Type.WithChildren(children) });
    }
}
