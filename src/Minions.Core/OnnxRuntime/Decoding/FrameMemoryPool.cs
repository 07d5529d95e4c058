using System.Collections.Concurrent;

namespace Minions.Core.OnnxRuntime.Decoding;

/// <summary>
/// Lends the memory of runs to sequences. Logits take megabytes, and fresh memory costs a page fault for every four kilobytes: a noticeable
/// part of a short request. As many blocks stay as were ever lent at once. Safe to use from several threads.
/// </summary>
internal sealed class FrameMemoryPool(DecoderSignature signature, int rows) : IDisposable
{
    private readonly ConcurrentBag<FrameMemory> _free = [];

    public FrameMemory Rent() => _free.TryTake(out FrameMemory? memory) ? memory : new FrameMemory(signature, rows);

    public void Return(FrameMemory memory) => _free.Add(memory);

    public void Dispose()
    {
        while (_free.TryTake(out FrameMemory? memory))
            memory.Dispose();
    }
}
