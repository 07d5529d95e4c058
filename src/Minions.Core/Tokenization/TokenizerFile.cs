using System.Security.Cryptography;
using Minions.Core.Json;

namespace Minions.Core.Tokenization;

/// <summary>The <c>tokenizer.json</c> of a folder, as bytes.</summary>
internal static class TokenizerFile
{
    public static (string File, byte[] Content) Read(string folder)
    {
        if (!Directory.Exists(folder))
            throw new ModelLoadException($"The model folder '{folder}' does not exist. Check the path.", folder);

        string file = Path.Combine(folder, HuggingFaceTokenizer.FileName);
        if (File.Exists(file))
            return (file, JsonFile.ReadBytes(file));

        string hint = File.Exists(Path.Combine(folder, "tokenizer.model"))
            ? "There is a tokenizer.model, which is not read: export the tokenizer with Hugging Face's AutoTokenizer(use_fast=True).save_pretrained."
            : "Copy the tokenizer.json of the model there.";
        throw new ModelLoadException($"The model folder '{folder}' has no {HuggingFaceTokenizer.FileName}. {hint}", file);
    }

    public static string Fingerprint(byte[] content) => Convert.ToHexString(SHA256.HashData(content));
}
