using Tarn.CommandLine;

namespace Tarn.Configuration;

/// <summary>The configuration of a command line: its flags, the environment of the process and the file.</summary>
internal static class CommandConfiguration
{
    /// <summary>The flags that only commands of the server take.</summary>
    public static IReadOnlyList<OptionSpec> ServerFlags { get; } =
    [
        .. from key in ConfigurationKeys.All
           where key.Flag is not null && SharedOptions.All.All(shared => shared.Name != key.Flag)
           select new OptionSpec(key.Flag!, key.Form, $"{key.Description} (default: {key.Default})"),
    ];

    /// <summary>Reads the configuration; what is wrong is in its problems.</summary>
    public static TarnConfiguration Load(ParsedCommand words) => TarnConfiguration.Load(new ConfigurationInputs
    {
        WorkingFolder = Environment.CurrentDirectory,
        File = words.Value(SharedOptions.Config.Name),
        Environment = EnvironmentVariables.OfProcess(),
        Flags = ConfigurationKeys.All
            .Where(key => key.Flag is not null && words.Value(key.Flag) is { Length: > 0 })
            .ToDictionary(key => key.Flag!, key => words.Value(key.Flag!)!),
    });
}
