using System.Collections.Concurrent;

namespace Minions.Core.OnnxRuntime.Decoding;

/// <summary>
/// Lends the memory for chunks of prompts. The logits of a chunk take megabytes that only live for one run: fresh memory would cost more in
/// page faults than the copy it saves. As many blocks stay as runs were ever made at once. Safe to use from several threads.
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
