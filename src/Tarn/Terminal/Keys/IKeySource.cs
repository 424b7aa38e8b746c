namespace Tarn.Terminal.Keys;

/// <summary>Keys as a person presses them. While it lives, the terminal echoes nothing and sends Ctrl-C as a key.</summary>
internal interface IKeySource : IDisposable
{
    /// <summary>The next key; waits.</summary>
    /// <exception cref="OperationCanceledException">The process is to end.</exception>
    Key Read(CancellationToken cancellationToken);

    /// <summary>Whether more keys are waiting: then it is too early to redraw.</summary>
    bool IsPending { get; }
}
