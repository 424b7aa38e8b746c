using System.Text;
using Tarn.Terminal;

namespace Tarn.Tests.Fakes;

/// <summary>Streams that remember what was written.</summary>
internal sealed class MemoryStreams
{
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();

    public MemoryStreams(bool outIsTerminal = false, bool errorIsTerminal = false, int width = 80, string input = "", bool showsProgress = true) => Streams = new Streams
    {
        Out = _out,
        Error = _error,
        OpenInput = () => new MemoryStream(Encoding.UTF8.GetBytes(input)),
        OutIsTerminal = outIsTerminal,
        ErrorIsTerminal = errorIsTerminal,
        Width = () => width,
        ShowsProgress = showsProgress,
    };

    public Streams Streams { get; }

    public string Out => _out.ToString();

    public string Error => _error.ToString();
}
