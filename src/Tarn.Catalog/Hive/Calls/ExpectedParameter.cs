namespace Tarn.Catalog.Hive.Calls;

/// <summary>Compare-and-swap of HIVE-26882: the change is made only while a parameter has a value.</summary>
/// <param name="Key">The parameter.</param>
/// <param name="Value">The value; null when the client gave none, which checks nothing.</param>
internal sealed record ExpectedParameter(string Key, string? Value)
{
    private const string KeyProperty = "expected_parameter_key", ValueProperty = "expected_parameter_value";

    /// <summary>Takes it out of an environment context; null when it is not there.</summary>
    public static ExpectedParameter? Of(IReadOnlyDictionary<string, string>? properties) =>
        properties?.GetValueOrDefault(KeyProperty) is { } key ? new ExpectedParameter(key, properties.GetValueOrDefault(ValueProperty)) : null;
}
