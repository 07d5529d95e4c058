using System.Threading.Channels;

namespace Minions.Core.Generation;

/// <summary>Who reads a request's ids as they come, and may say that they are enough.</summary>
/// <param name="tokens">Where they go. It takes them at once: a reader that is slow or gone must not hold up other requests.</param>
internal sealed class TokenReader(ChannelWriter<GeneratedToken> tokens)
{
    private volatile bool _hasEnough;

    /// <summary>Whether the text is to end with its next id. Set by the reader's thread, read by the pipeline's.</summary>
    public bool HasEnough
    {
        get => _hasEnough;
        set => _hasEnough = value;
    }

    public void Write(in GeneratedToken token) => tokens.TryWrite(token);
}
