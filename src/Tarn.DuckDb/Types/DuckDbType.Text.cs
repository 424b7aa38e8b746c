namespace Tarn.DuckDb.Types;

public sealed partial class DuckDbType
{
    /// <summary>The type as DuckDB's SQL writes it: <c>DECIMAL(18,3)</c>, <c>STRUCT("a" INTEGER, "b" VARCHAR[])</c>.</summary>
    public override string ToString() => Alias ?? Id switch
    {
        DuckDbTypeId.Decimal => $"DECIMAL({Width},{Scale})",
        DuckDbTypeId.List => $"{Element}[]",
        DuckDbTypeId.Array => $"{Element}[{ArraySize}]",
        DuckDbTypeId.Map => $"MAP({Children[0].Type}, {Children[1].Type})",
        DuckDbTypeId.Struct => $"STRUCT({string.Join(", ", Children.Select(FieldText))})",
        DuckDbTypeId.Union => $"UNION({string.Join(", ", Children.Select(FieldText))})",
        DuckDbTypeId.Enum => $"ENUM({string.Join(", ", EnumValues.Select(value => $"'{value.Replace("'", "''")}'"))})",
        DuckDbTypeId.TimestampTz => "TIMESTAMP WITH TIME ZONE",
        DuckDbTypeId.TimeTz => "TIME WITH TIME ZONE",
        DuckDbTypeId.TimestampS => "TIMESTAMP_S",
        DuckDbTypeId.TimestampMs => "TIMESTAMP_MS",
        DuckDbTypeId.TimestampNs => "TIMESTAMP_NS",
        DuckDbTypeId.TimeNs => "TIME_NS",
        DuckDbTypeId.SqlNull => "\"NULL\"",
        _ => Id.ToString().ToUpperInvariant(),
    };

    private static string FieldText(DuckDbField field) =>
        field.Name.Length == 0 ? field.Type.ToString() : $"\"{field.Name.Replace("\"", "\"\"")}\" {field.Type}";
}
