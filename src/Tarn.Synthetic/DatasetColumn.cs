using Tarn.Synthetic.Columns;

namespace Tarn.Synthetic;

/// <summary>A column of a generated dataset.</summary>
/// <param name="Name">The name, as in the header of the CSV file and in the keys of the JSON objects.</param>
/// <param name="SqlType">The SQL type of its clean values, for instance <c>DECIMAL(10,2)</c>. Planted defects may not fit it.</param>
/// <param name="Doc">What the values mean.</param>
public sealed record DatasetColumn(string Name, string SqlType, string Doc)
{
    /// <summary>
    /// The SQL type as a <see href="https://arrow.apache.org/docs/format/CDataInterface.html#data-type-description-format-strings">format string</see> of
    /// Apache Arrow, in whose layout <see cref="ColumnBuffer"/> has the values.
    /// </summary>
    public string ArrowFormat => ColumnLayout.Of(SqlType).ArrowFormat;
}
