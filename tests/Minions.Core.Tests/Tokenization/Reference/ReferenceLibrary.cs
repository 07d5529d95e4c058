using System.Text.Json.Nodes;
using Tokenizers.DotNet;

namespace Minions.Core.Tests.Tokenization.Reference;

/// <summary>Hugging Face's own tokenizers library with a <c>tokenizer.json</c>, from which the post-processor is taken: only the text's own ids come.</summary>
/// <remarks>Its native part is there for Linux on x64; elsewhere the tests that ask it are ignored.</remarks>
internal sealed class ReferenceLibrary : IDisposable
{
    private readonly ModelFolder _folder = new();
    private readonly Tokenizer _tokenizer;

    private ReferenceLibrary(JsonObject json)
    {
        json["post_processor"] = null;
        _folder.Write("tokenizer.json", json.ToJsonString());
        try
        {
            _tokenizer = new Tokenizer(_folder.File);
        }
        catch
        {
            _folder.Dispose();
            throw;
        }
    }

    /// <summary>Loads a tokenizer. The calling test is ignored where the library is not there.</summary>
    /// <exception cref="TokenizerException">The library refuses the tokenizer.</exception>
    public static ReferenceLibrary Load(JsonObject json)
    {
        try
        {
            return new ReferenceLibrary(json);
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException or TypeInitializationException)
        {
            Assert.Ignore($"The reference library cannot be loaded on this platform: {exception.Message}");
            throw;
        }
    }

    public int[] Encode(string text) => Array.ConvertAll(_tokenizer.Encode(text), id => (int)id);

    /// <summary>Decodes, special tokens left out.</summary>
    public string Decode(IEnumerable<int> ids) => _tokenizer.Decode([.. ids.Select(id => (uint)id)]);

    public void Dispose()
    {
        _tokenizer.Dispose();
        _folder.Dispose();
    }
}
