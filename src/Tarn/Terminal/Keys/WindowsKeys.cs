namespace Tarn.Terminal.Keys;

/// <summary>Keys from a Windows console.</summary>
internal sealed class WindowsKeys : IKeySource
{
    private readonly bool _before = Console.TreatControlCAsInput;

    /// <inheritdoc/>
    public bool IsPending => Console.KeyAvailable;

    /// <inheritdoc/>
    public void StartTyping() => Console.TreatControlCAsInput = true;

    /// <inheritdoc/>
    public void StopTyping() => Console.TreatControlCAsInput = _before;

    /// <inheritdoc/>
    public Key Read(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var pressed = Console.ReadKey(intercept: true);
        bool control = pressed.Modifiers.HasFlag(ConsoleModifiers.Control);
        var special = Special(pressed.Key, control);
        if (special != KeyKind.Unknown)
            return new Key(special);
        return char.IsControl(pressed.KeyChar) ? new Key(Control(pressed.Key)) : new Key(KeyKind.Text, pressed.KeyChar.ToString());
    }

    // The console keeps all keys that wait, and cannot be asked which ones.
    /// <inheritdoc/>
    public bool TakeInterrupt() => false;

    /// <inheritdoc/>
    public void Discard()
    {
        while (Console.KeyAvailable)
            Console.ReadKey(intercept: true);
    }

    /// <inheritdoc/>
    public void Dispose() => StopTyping();

    private static KeyKind Special(ConsoleKey key, bool control) => key switch
    {
        ConsoleKey.Enter => KeyKind.Enter,
        ConsoleKey.Tab => KeyKind.Tab,
        ConsoleKey.Escape => KeyKind.Escape,
        ConsoleKey.Backspace => KeyKind.Backspace,
        ConsoleKey.Delete => KeyKind.Delete,
        ConsoleKey.LeftArrow => control ? KeyKind.WordLeft : KeyKind.Left,
        ConsoleKey.RightArrow => control ? KeyKind.WordRight : KeyKind.Right,
        ConsoleKey.UpArrow => KeyKind.Up,
        ConsoleKey.DownArrow => KeyKind.Down,
        ConsoleKey.Home => KeyKind.Home,
        ConsoleKey.End => KeyKind.End,
        _ => KeyKind.Unknown,
    };

    private static KeyKind Control(ConsoleKey key) => key switch
    {
        ConsoleKey.A => KeyKind.Home,
        ConsoleKey.C => KeyKind.Interrupt,
        ConsoleKey.D or ConsoleKey.Z => KeyKind.EndOfInput,
        ConsoleKey.E => KeyKind.End,
        ConsoleKey.K => KeyKind.KillToEnd,
        ConsoleKey.L => KeyKind.ClearScreen,
        ConsoleKey.R => KeyKind.SearchBack,
        ConsoleKey.U => KeyKind.KillToStart,
        ConsoleKey.W => KeyKind.KillWord,
        ConsoleKey.Y => KeyKind.Yank,
        _ => KeyKind.Unknown,
    };
}
