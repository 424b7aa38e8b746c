namespace Tarn.Access.Policies;

/// <summary>
/// What is known about a request, by condition key (<c>aws:SourceIp</c>, <c>s3:prefix</c>, <c>s3:ExistingObjectTag/class</c>). Keys ignore
/// case; a key has any number of values. A key that is absent is absent: an empty text is a value. Fill it, then share it.
/// </summary>
public sealed class ConditionValues
{
    /// <summary>The keys whose values are the time.</summary>
    internal static readonly IReadOnlyList<string> TimeKeys = ["aws:CurrentTime", "aws:EpochTime"];

    private readonly Dictionary<string, IReadOnlyList<string>> _values;

    /// <summary>Nothing is known yet.</summary>
    public ConditionValues() => _values = new(StringComparer.OrdinalIgnoreCase);

    private ConditionValues(ConditionValues other) => _values = new(other._values, StringComparer.OrdinalIgnoreCase);

    /// <summary>Nothing is known; not to be filled.</summary>
    public static ConditionValues Empty { get; } = new();

    /// <summary>The values of a key; null when it is absent.</summary>
    public IReadOnlyList<string>? this[string key] => _values.GetValueOrDefault(key);

    /// <summary>Sets the values of a key; with no values the key is present and empty.</summary>
    /// <returns>This object.</returns>
    public ConditionValues Set(string key, params IReadOnlyList<string> values)
    {
        if (ReferenceEquals(this, Empty))
            throw new InvalidOperationException("The empty values are shared; create an object of your own.");
        _values[key] = values;
        return this;
    }

    /// <summary>Whether the value of a key is the time.</summary>
    internal static bool IsTime(string key) => TimeKeys.Contains(key, StringComparer.OrdinalIgnoreCase);

    /// <summary>A copy to add to.</summary>
    public ConditionValues Copy() => new(this);
}
