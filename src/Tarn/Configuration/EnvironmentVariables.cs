using Tarn.CommandLine;

namespace Tarn.Configuration;

/// <summary>The variables <c>TARN_…</c> of the environment.</summary>
internal static class EnvironmentVariables
{
    /// <summary>Names the configuration file.</summary>
    public const string File = "TARN_CONFIG";

    // A name this close to a known one is a slip of the keyboard. Others may be somebody else's: Kubernetes sets TARN_PORT and the like.
    private const int SlipDistance = 2;

    /// <summary>What the variable of a key says; null when it is not set. An empty one counts as not set.</summary>
    public static ConfiguredText? Read(ConfigurationKey key, IReadOnlyDictionary<string, string> environment) =>
        environment.TryGetValue(key.Variable, out string? text) && text.Length > 0
            ? new ConfiguredText(key.IsList ? text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : [text], new ConfigurationSource(key.Variable))
            : null;

    /// <summary>Variables whose names are mistyped.</summary>
    public static IEnumerable<ConfigurationProblem> FindMistyped(IReadOnlyDictionary<string, string> environment) =>
        from name in environment.Keys
        where name.StartsWith("TARN_", StringComparison.Ordinal) && ConfigurationKeys.All.All(key => key.Variable != name)
        let near = ConfigurationKeys.All.FirstOrDefault(key => NearestName.Distance(name, key.Variable) <= SlipDistance)
        where near is not null
        orderby name
        select new ConfigurationProblem(new ConfigurationSource(name), $"no such variable; did you mean {near.Variable}?");

    /// <summary>The variables of this process whose names begin with <c>TARN_</c>.</summary>
    public static IReadOnlyDictionary<string, string> OfProcess()
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        var all = Environment.GetEnvironmentVariables().GetEnumerator();
        while (all.MoveNext())
        {
            if (all.Key is string name && name.StartsWith("TARN_", StringComparison.Ordinal))
                found[name] = all.Value as string ?? "";
        }

        return found;
    }
}
