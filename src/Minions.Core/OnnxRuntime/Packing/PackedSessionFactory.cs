using Microsoft.Extensions.Logging;
using Minions.Core.OnnxRuntime.Decoding;
using Minions.Core.OnnxRuntime.Graph;
using Minions.Core.OnnxRuntime.Lifetime;
using Minions.Core.OnnxRuntime.Sessions;

namespace Minions.Core.OnnxRuntime.Packing;

/// <summary>Makes the session for a number of slots: rewrites the graph, opens it beside the first and tries it.</summary>
internal sealed class PackedSessionFactory(OnnxDecoder decoder, DecoderGraph graph, OpenedSession first, SharedWeights weights, ILogger logger)
{
    /// <returns>The session, or null, after one log line, where it cannot be had or gives other logits.</returns>
    /// <exception cref="OperationCanceledException">The model is being disposed, or the process ends.</exception>
    public PackedSession? Make(int slots, CancellationToken cancellationToken)
    {
        using ProcessEnd.Work work = ProcessEnd.Begin(cancellationToken);
        PackedSession? session = null;
        string reason;
        try
        {
            session = Open(slots, work.Stop);
            if (PackedSessionProbe.FindDifference(session, work.Stop) is not { } difference)
                return session;
            reason = difference;
        }
        catch (OperationCanceledException)
        {
            session?.Dispose();
            throw;
        }
        catch (Exception fault)
        {
            reason = fault.Message;
        }
        finally
        {
            NativeHeap.Trim();
        }

        session?.Dispose();
        PackingLog.SizeRefused(logger, decoder.Folder.Name, slots, reason);
        return null;
    }

    private PackedSession Open(int slots, CancellationToken cancellationToken)
    {
        RewrittenGraph rewritten = graph.Rewrite(slots, decoder.Folder, out string? reason) ?? throw new InvalidOperationException(reason);
        OpenedSession opened = SessionFactory.OpenBeside(first, decoder.Folder, rewritten, weights, cancellationToken);
        try
        {
            return new PackedSession(decoder, opened, slots);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }
}
