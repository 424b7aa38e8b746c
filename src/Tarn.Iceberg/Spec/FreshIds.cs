using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Spec;

/// <summary>Assigns new field ids: all fields of a struct first, then what lies below each of them, as other implementations do.</summary>
public static class FreshIds
{
    /// <summary>The type with new ids everywhere below it.</summary>
    /// <param name="type">The type.</param>
    /// <param name="next">Gives the next id.</param>
    /// <param name="assigned">Told the old and the new id of each field; may be null.</param>
    public static IcebergType Assign(IcebergType type, Func<int> next, Action<int, int>? assigned = null)
    {
        var children = type.Children();
        if (children.Count == 0)
            return type;
        int[] ids = [.. children.Select(_ => next())];
        for (int i = 0; i < ids.Length; i++)
            assigned?.Invoke(children[i].Id, ids[i]);
        return type.WithChildren([.. children.Select((c, i) => c with { Id = ids[i], Type = Assign(c.Type, next, assigned) })]);
    }
}
