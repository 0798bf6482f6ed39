"""Speech: workers read the legs of a call and write what was said.

Pure cutting and word rules (`model`), one narrow recogniser port (`ports`), worker processes
(`worker`), and on the server the lane that keeps them alive and the transcript that is stored.
"""
