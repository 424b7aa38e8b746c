using System.Text;

namespace Tarn.Terminal;

/// <summary>Where results, messages and input go and come from. Results alone go to <see cref="Out"/>, everything else to <see cref="Error"/>.</summary>
internal sealed class Streams
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Results; buffered: flush before waiting for a person.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Messages, progress and prompts; flushed at once.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Scripts and data.</summary>
    public required Func<Stream> OpenInput { get; init; }

    /// <summary>Whether a person reads the results.</summary>
    public bool OutIsTerminal { get; init; }

    /// <summary>Whether a person reads the messages.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>Whether a person types.</summary>
    public bool InputIsTerminal { get; init; }

    /// <summary>Whether <see cref="Error"/> tells how far long work is.</summary>
    public bool ShowsProgress { get; init; } = true;

    /// <summary>Colour on <see cref="Error"/>.</summary>
    public Style ErrorStyle => new(ErrorIsTerminal && ColourWanted);

    /// <summary>Colour on <see cref="Out"/>.</summary>
    public Style OutStyle => new(OutIsTerminal && ColourWanted);

    /// <summary>Cells in a row of the terminal; asked anew each time, because windows change.</summary>
    public Func<int> Width { get; init; } = static () => 80;

    // https://no-color.org: any value that is not empty counts.
    private static bool ColourWanted =>
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") != "dumb";

    /// <summary>The streams of this process.</summary>
    public static Streams OfProcess() => new()
    {
        Out = new StreamWriter(StandardOutput.Open(), Utf8, bufferSize: 64 * 1024) { NewLine = "\n" },
        Error = new StreamWriter(Console.OpenStandardError(), Utf8, bufferSize: 1024) { AutoFlush = true, NewLine = "\n" },
        OpenInput = Console.OpenStandardInput,
        OutIsTerminal = !Console.IsOutputRedirected,
        ErrorIsTerminal = !Console.IsErrorRedirected,
        InputIsTerminal = !Console.IsInputRedirected,
        ShowsProgress = Environment.GetEnvironmentVariable("TARN_PROGRESS") != "off",
        Width = TerminalWidth.Read,
    };
}
