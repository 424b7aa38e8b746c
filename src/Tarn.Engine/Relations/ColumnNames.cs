namespace Tarn.Engine.Relations;

/// <summary>Column names in the engine, which ignores case: of names that differ in case only, all but the first get a number.</summary>
internal static class ColumnNames
{
    /// <summary>The names that the engine gives columns of these names.</summary>
    public static IReadOnlyList<string> Deduplicate(IReadOnlyList<string> names)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var result = new string[names.Count];
        for (int i = 0; i < names.Count; i++)
        {
            string name = names[i];
            for (int number = 1; !taken.Add(name); number++)
                name = $"{names[i]}_{number}";
            result[i] = name;
        }

        return result;
    }
}
