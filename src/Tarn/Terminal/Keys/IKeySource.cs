namespace Tarn.Terminal.Keys;

/// <summary>Keys as a person presses them. What is typed while nobody reads waits.</summary>
internal interface IKeySource : IDisposable
{
    /// <summary>Whether more keys are waiting: then it is too early to redraw.</summary>
    bool IsPending { get; }

    /// <summary>Takes the terminal for typing: it echoes nothing and sends Ctrl-C as a key.</summary>
    void StartTyping();

    /// <summary>Lends the terminal to what runs now: Ctrl-C is a signal again.</summary>
    void StopTyping();

    /// <summary>The next key; waits.</summary>
    /// <exception cref="OperationCanceledException">The process is to end.</exception>
    Key Read(CancellationToken cancellationToken);

    /// <summary>Whether Ctrl-C was typed behind what was read last. Then it is taken, with all that was typed before it.</summary>
    bool TakeInterrupt();

    /// <summary>Throws away what waits, as a terminal does when Ctrl-C is a signal.</summary>
    void Discard();
}
