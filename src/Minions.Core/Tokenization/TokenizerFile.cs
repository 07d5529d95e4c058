using System.Security.Cryptography;
using System.Text;
using Minions.Core.Files;
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
            return (file, ReadBounded(file));

        string hint = File.Exists(Path.Combine(folder, "tokenizer.model"))
            ? "There is a tokenizer.model, which is not read: export the tokenizer with Hugging Face's AutoTokenizer(use_fast=True).save_pretrained."
            : "Copy the tokenizer.json of the model there.";
        throw new ModelLoadException($"The model folder '{folder}' has no {HuggingFaceTokenizer.FileName}. {hint}", file);
    }

    private static byte[] ReadBounded(string file)
    {
        // The tables of the largest published tokenizers take some 35 MB as text; reading takes several times as much memory.
        const long LargestFile = 96L << 20;
        long length = new FileInfo(RealPath.Of(file)).Length; // That of a link is the length of its text.
        if (length > LargestFile)
        {
            throw new ModelLoadException(
                $"'{file}' has {length >> 20} MiB; a {HuggingFaceTokenizer.FileName} of more than {LargestFile >> 20} MiB is not read. Check that it is the tokenizer.", file);
        }

        return JsonFile.ReadBytes(file);
    }

    /// <summary>The hash of all that ids depend on, with which equal tokenizers are told without a look inside.</summary>
    public static string Fingerprint(string folder, byte[] content)
    {
        string config = Path.Combine(folder, HuggingFaceTokenizer.ConfigFileName);
        string added = File.Exists(config) ? JsonFile.Read(config, root => root.Optional("added_tokens_decoder")?.RawText ?? string.Empty) : string.Empty;
        return Convert.ToHexString(SHA256.HashData(content)) + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(added)));
    }
}
