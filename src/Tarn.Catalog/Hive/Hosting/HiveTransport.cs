using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Tarn.Catalog.Hive.Thrift;

namespace Tarn.Catalog.Hive.Hosting;

/// <summary>Messages on a connection: one after the other as they are, or, once SASL was negotiated, each in a frame with its length.</summary>
/// <param name="pipe">The connection.</param>
/// <param name="limits">How large a message may be.</param>
internal sealed class HiveTransport(IDuplexPipe pipe, ThriftLimits limits)
{
    // The name of a mechanism, or a key and a secret.
    private const int MaxNegotiationBytes = 8 * 1024;
    private const int StatusBytes = 5, FrameBytes = 4;

    private readonly MessageScanner _scanner = new(limits);

    /// <summary>Whether messages come in frames.</summary>
    public bool IsFramed { get; set; }

    /// <summary>Whether the client begins with a negotiation; null when it went away. Nothing is taken off the connection.</summary>
    public async ValueTask<bool?> IsNegotiatingAsync(CancellationToken cancellationToken)
    {
        var read = await pipe.Input.ReadAsync(cancellationToken).ConfigureAwait(false);
        bool? begins = read.Buffer.IsEmpty ? null : read.Buffer.FirstSpan[0] == (byte)SaslStatus.Start;
        pipe.Input.AdvanceTo(read.Buffer.Start);
        return begins;
    }

    /// <summary>Reads a message of the negotiation; null when the client went away.</summary>
    /// <exception cref="ThriftFormatException">It is too long.</exception>
    public async ValueTask<(SaslStatus Status, byte[] Payload)?> ReadNegotiationAsync(CancellationToken cancellationToken)
    {
        if (await ReadExactlyAsync(StatusBytes, cancellationToken).ConfigureAwait(false) is not { } head)
            return null;
        int length = BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1));
        if (length is < 0 or > MaxNegotiationBytes)
            throw new ThriftFormatException($"A message of the negotiation has {length} bytes; at most {MaxNegotiationBytes} are allowed.");
        return await ReadExactlyAsync(length, cancellationToken).ConfigureAwait(false) is { } payload ? ((SaslStatus)head[0], payload) : null;
    }

    /// <summary>Sends a message of the negotiation.</summary>
    public async ValueTask WriteNegotiationAsync(SaslStatus status, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        var head = pipe.Output.GetMemory(StatusBytes);
        head.Span[0] = (byte)status;
        BinaryPrimitives.WriteInt32BigEndian(head.Span[1..], payload.Length);
        pipe.Output.Advance(StatusBytes);
        pipe.Output.Write(payload.Span);
        await pipe.Output.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the next call; null when the client went away.</summary>
    /// <exception cref="ThriftFormatException">What came is no message, or too large a one.</exception>
    public ValueTask<ThriftMessage?> ReadAsync(CancellationToken cancellationToken) => IsFramed ? ReadFramedAsync(cancellationToken) : ReadPlainAsync(cancellationToken);

    /// <summary>Sends an answer.</summary>
    /// <returns>Whether the connection still takes it.</returns>
    public async ValueTask<bool> WriteAsync(ThriftMessage message, CancellationToken cancellationToken)
    {
        if (IsFramed)
        {
            var frame = new ArrayBufferWriter<byte>();
            new ThriftWriter(frame).Write(message);
            BinaryPrimitives.WriteInt32BigEndian(pipe.Output.GetSpan(FrameBytes), frame.WrittenCount);
            pipe.Output.Advance(FrameBytes);
            pipe.Output.Write(frame.WrittenSpan);
        }
        else
            new ThriftWriter(pipe.Output).Write(message);

        var flushed = await pipe.Output.FlushAsync(cancellationToken).ConfigureAwait(false);
        return !flushed.IsCompleted && !flushed.IsCanceled;
    }

    private async ValueTask<ThriftMessage?> ReadPlainAsync(CancellationToken cancellationToken)
    {
        long walked = 0;
        while (true)
        {
            var read = await pipe.Input.ReadAsync(cancellationToken).ConfigureAwait(false);
            var buffer = read.Buffer;
            if (Walk(buffer, ref walked))
            {
                var message = Decode(buffer.Slice(0, walked));
                pipe.Input.AdvanceTo(buffer.GetPosition(walked));
                return message;
            }

            pipe.Input.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted)
                return null;
        }
    }

    private bool Walk(ReadOnlySequence<byte> buffer, ref long walked)
    {
        var fresh = new SequenceReader<byte>(buffer.Slice(walked));
        bool isWhole = _scanner.Advance(ref fresh);
        walked += fresh.Consumed;
        return isWhole;
    }

    private async ValueTask<ThriftMessage?> ReadFramedAsync(CancellationToken cancellationToken)
    {
        if (await ReadExactlyAsync(FrameBytes, cancellationToken).ConfigureAwait(false) is not { } head)
            return null;
        int length = BinaryPrimitives.ReadInt32BigEndian(head);
        if (length <= 0 || length > limits.MaxMessageBytes)
            throw new ThriftFormatException($"A frame has {length} bytes; 1 to {limits.MaxMessageBytes} are allowed.");
        return await ReadExactlyAsync(length, cancellationToken).ConfigureAwait(false) is { } frame ? ThriftReader.Read(frame, limits) : null;
    }

    // The pipe holds no more than has arrived, so a long length alone costs nothing.
    private async ValueTask<byte[]?> ReadExactlyAsync(int bytes, CancellationToken cancellationToken)
    {
        // A read of nothing would wait for what comes next.
        if (bytes == 0)
            return [];
        var read = await pipe.Input.ReadAtLeastAsync(bytes, cancellationToken).ConfigureAwait(false);
        if (read.Buffer.Length < bytes)
        {
            pipe.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            return null;
        }

        var taken = read.Buffer.Slice(0, bytes);
        byte[] copy = taken.ToArray();
        pipe.Input.AdvanceTo(taken.End);
        return copy;
    }

    private ThriftMessage Decode(ReadOnlySequence<byte> message)
    {
        if (message.IsSingleSegment)
            return ThriftReader.Read(message.FirstSpan, limits);
        int length = (int)message.Length;
        byte[] rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            message.CopyTo(rented);
            return ThriftReader.Read(rented.AsSpan(0, length), limits);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
