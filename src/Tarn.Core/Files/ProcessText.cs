namespace Tarn.Core.Files;

/// <summary>How this process names itself to others that wait for it.</summary>
public static class ProcessText
{
    /// <summary>
    /// Process id, program and command, e.g. <c>4711 (tarn ingest)</c>. Lock files keep it for everybody who may read the folder, also when the process is gone: of the command line nothing else
    /// stands in it, because statements and secrets can.
    /// </summary>
    public static string Current { get; } = Of(Environment.ProcessId, Environment.GetCommandLineArgs());

    /// <summary>What <see cref="Current"/> says of a process.</summary>
    /// <param name="processId">Its id.</param>
    /// <param name="commandLine">The program and its arguments.</param>
    public static string Of(int processId, IReadOnlyList<string> commandLine)
    {
        string name = commandLine.Count == 0 ? "?" : Path.GetFileNameWithoutExtension(commandLine[0]);
        // Behind options that come first a word may be the value of one.
        string command = commandLine.Count > 1 && IsCommand(commandLine[1]) ? " " + commandLine[1] : "";
        return $"{processId} ({name}{command})";
    }

    private static bool IsCommand(string word) => word.Length > 0 && char.IsAsciiLetterLower(word[0]) && word.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c));
}
