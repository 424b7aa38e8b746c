using Tarn.Core.Errors;
using Tarn.DuckDb;

namespace Tarn.Engine.Planning.ForeignViews;

/// <summary>Settings of the engine under which the same words compare or order otherwise than in Spark and Trino.</summary>
internal static class ForeignViewSettings
{
    private static readonly (string Name, string Value)[] s_expected =
        [("default_null_order", "NULLS_LAST"), ("default_order", "ASCENDING"), ("default_collation", ""), ("scalar_subquery_error_on_multiple_rows", "true")];

    /// <summary>Refuses a view in a session that has changed such a setting.</summary>
    /// <exception cref="TarnException">Unsupported.</exception>
    public static void Check(ForeignView view, DuckDbConnection connection)
    {
        foreach (var (name, expected) in s_expected)
        {
            string value = (string)connection.Scalar($"SELECT current_setting('{name}')::VARCHAR")!;
            if (!value.Equals(expected, StringComparison.OrdinalIgnoreCase))
                throw view.Refused($"whatever it compares and orders, while the setting {name} is '{value}' and not '{expected}'");
        }
    }
}
