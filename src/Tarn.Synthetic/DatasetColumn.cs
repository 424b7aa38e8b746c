namespace Tarn.Synthetic;

/// <summary>A column of a generated dataset.</summary>
/// <param name="Name">The name, as in the header of the CSV file and in the keys of the JSON objects.</param>
/// <param name="SqlType">The SQL type of its clean values, for instance <c>DECIMAL(10,2)</c>. Planted defects may not fit it.</param>
/// <param name="Doc">What the values mean.</param>
public sealed record DatasetColumn(string Name, string SqlType, string Doc);
