package tutorial.training;

import ai.djl.ndarray.NDArray;

/** How a batch of images lies in memory; PyTorch calls it the memory format. */
public enum Layout {
    /** Each channel's plane in one piece, PyTorch's default. */
    NCHW,
    /** A pixel's channels side by side, "channels-last". */
    NHWC;

    /**
     * A batch in this layout.
     *
     * @param images (N, C, H, W), a view of (N, H, W, C) as decoders write it; copied for {@link #NCHW} alone
     */
    public NDArray arrange(NDArray images) {
        return this == NHWC ? images : images.flatten().reshape(images.getShape());
    }
}
