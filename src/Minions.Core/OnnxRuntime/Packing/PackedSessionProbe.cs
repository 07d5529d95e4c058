using System.Runtime.InteropServices;
using Minions.Core.OnnxRuntime.Decoding;

namespace Minions.Core.OnnxRuntime.Packing;

/// <summary>
/// Finds out whether a graph for several requests gives each of them, bit for bit, the logits it has in the graph for one: every slot with a
/// text of its own, at widths that change from run to run, one of them the chunk of a long prompt.
/// </summary>
internal static class PackedSessionProbe
{
    private const int Runs = 3;
    private static readonly int[] Widths = [2, 3, 5];

    /// <returns>What differs, or null.</returns>
    public static string? FindDifference(PackedSession session, CancellationToken cancellationToken)
    {
        OnnxDecoder decoder = session.Decoder;
        int room = decoder.Folder.ContextLength;
        if (room < Runs * Widths[^1])
            return $"the context of {room} ids is too short to try it";

        int[][] widths = [.. Enumerable.Range(0, session.Slots).Select(slot => WidthsOf(slot, room))];
        ProbeItem[] items = [.. widths.Select((own, slot) => Open(decoder, slot, own))];

        // Memory of its own: no later run needs as much for logits.
        using var frame = new PackedFrame(session);
        using var rows = new PackedRows(decoder);
        try
        {
            for (int run = 0; run < Runs; run++)
            {
                foreach (ProbeItem item in items)
                    item.Take(run);
                cancellationToken.ThrowIfCancellationRequested();
                frame.Run(items, rows, isLast: run == Runs - 1);
                foreach (ProbeItem item in items)
                    item.Complete();
                int differs = Array.FindIndex(items, item => !item.Read());
                if (differs >= 0)
                    return $"the logits of slot {differs} differ from those it has alone, with {widths[differs][run]} rows in run {run + 1}";
            }

            return null;
        }
        finally
        {
            foreach (ProbeItem item in items)
                item.Dispose();
        }
    }

    // Every other slot wants all logits; the rest, among them the one with the chunk, only their last ones, as prompts do.
    private static ProbeItem Open(OnnxDecoder decoder, int slot, int[] widths)
    {
        int length = widths.Sum();
        return new ProbeItem(decoder, ExactnessProbe.Text(length, decoder.Signature.VocabularySize, slot), widths, wanted: slot % 2 == 1 ? length : 3);
    }

    // The last run of the first slot is a chunk of a long prompt where the context has room for one.
    private static int[] WidthsOf(int slot, int room)
    {
        int[] widths = [.. Enumerable.Range(0, Runs).Select(run => Widths[(slot + run) % Widths.Length])];
        if (slot == 0)
            widths[^1] = Math.Min(OnnxDecoder.PrefillChunk, room - widths[0] - widths[1]);
        return widths;
    }

    /// <summary>A text that is run in pieces of given widths and compared with one run of all of it.</summary>
    private sealed class ProbeItem : BatchItem
    {
        private readonly NativeBuffer _alone;
        private readonly int[] _text;
        private readonly int[] _widths;
        private readonly int _firstWanted;

        public ProbeItem(OnnxDecoder decoder, int[] text, int[] widths, int wanted)
            : base(new OnnxSequence(decoder.OpenCache(), bitIdentical: true))
        {
            _text = text;
            _widths = widths;
            _alone = RunAlone(decoder, text, wanted);
            _firstWanted = text.Length - wanted;
            Sequence.Rewind(text, wanted);
        }

        public override ReadOnlySpan<int> Ids => _text;

        public void Take(int run)
        {
            RowLimit = _widths[run];
            TakeRows();
        }

        public override bool Begin() => true;

        public override bool Read()
        {
            for (int position = Sequence.ReadableStart; position < Sequence.Ids.Length; position++)
            {
                // Bits, not values: a zero with another sign or another NaN would be a difference, too.
                ReadOnlySpan<byte> row = MemoryMarshal.AsBytes(Sequence.LogitsAfter(position));
                if (!row.SequenceEqual(_alone.AsSpan<byte>().Slice((position - _firstWanted) * row.Length, row.Length)))
                    return false;
            }

            return true;
        }

        public override void Fail(Exception fault)
        {
        }

        public override void ThrowIfCancelled()
        {
        }

        public override void Dispose()
        {
            _alone.Dispose();
            base.Dispose();
        }

        // The logits that are wanted, one row behind the other.
        private static NativeBuffer RunAlone(OnnxDecoder decoder, int[] text, int wanted)
        {
            int width = decoder.Signature.VocabularySize;
            var logits = new NativeBuffer((long)wanted * width * sizeof(float));
            using KvCache cache = decoder.OpenCache();
            cache.Reserve(text.Length, 0);
            cache.Run(text, 0, wanted);
            for (int row = 0; row < wanted; row++)
                cache.Logits(text.Length - wanted + row).CopyTo(logits.AsSpan<float>()[(row * width)..]);
            return logits;
        }
    }
}
