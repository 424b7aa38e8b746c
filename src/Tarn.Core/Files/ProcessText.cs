namespace Tarn.Core.Files;

/// <summary>How this process names itself to others that wait for it.</summary>
public static class ProcessText
{
    private const int LimitChars = 200;

    /// <summary>Process id and command line, e.g. <c>4711 (tarn ingest orders.csv)</c>.</summary>
    public static string Current { get; } = Describe();

    private static string Describe()
    {
        string[] arguments = Environment.GetCommandLineArgs();
        string name = arguments.Length == 0 ? "?" : Path.GetFileNameWithoutExtension(arguments[0]);
        string command = string.Join(' ', [name, .. arguments.Skip(1)]);
        return $"{Environment.ProcessId} ({(command.Length <= LimitChars ? command : command[..LimitChars] + "…")})";
    }
}
